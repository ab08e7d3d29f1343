import { files } from './files/connector.js';
import { acmeClient } from './acme-client/connector.js';
import { aws } from './aws/connector.js';
import { kubernetes } from './kubernetes/connector.js';
import { vault } from './vault/connector.js';

/** Every kind of inventory source, by the `type` that names it in the configuration. */
export const connectorKinds = { files, 'acme-client': acmeClient, aws, kubernetes, vault } as const;
