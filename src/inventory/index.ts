import { acmeClient } from './acme-client/connector.js';
import { aws } from './aws/connector.js';
import { files } from './files/connector.js';
import { kubernetes } from './kubernetes/connector.js';
import { azure } from './azure/connector.js';
import { google } from './google/connector.js';
import { digicert } from './managers/digicert.js';
import { ejbca } from './managers/ejbca.js';
import { globalsign } from './managers/globalsign.js';
import { keyfactor } from './managers/keyfactor.js';
import { sectigo } from './managers/sectigo.js';
import { venafiCloud } from './managers/venafi-cloud.js';
import { venafiDatacenter } from './managers/venafi-datacenter.js';
import { proxy } from './proxy/connector.js';
import { vault } from './vault/connector.js';

/** Every kind of inventory source, by the `type` that names it in the configuration. */
export const connectorKinds = {
  files,
  'acme-client': acmeClient,
  aws,
  azure,
  digicert,
  ejbca,
  globalsign,
  google,
  keyfactor,
  kubernetes,
  proxy,
  sectigo,
  vault,
  'venafi-cloud': venafiCloud,
  'venafi-datacenter': venafiDatacenter,
} as const;
