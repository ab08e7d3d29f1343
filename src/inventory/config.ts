import { z } from 'zod';
import type { Connector } from './connector.js';
import { connectorKinds } from './index.js';
import type { ReadCertificate } from './reading/certificate-text.js';

const kinds = Object.values(connectorKinds);
type Kind = (typeof kinds)[number];

const [first, ...others] = kinds.map((kind) => kind.config);
if (first === undefined) throw new Error('there is no kind of inventory source');

/** What the operator believes to own. */
export const inventoryConfig = z.strictObject({
  sources: z
    .array(z.discriminatedUnion('type', [first, ...others]))
    .default([])
    .describe(
      'Systems that know which certificates are managed, each with a `type`. None: nothing is called shadow.',
    ),
});

/** What the operator believes to own. */
export type InventoryConfig = z.infer<typeof inventoryConfig>;

/** Opens every configured source; `read` is the certificate reader. Throws when two have one name. */
export function createConnectors(config: InventoryConfig, read: ReadCertificate): Connector[] {
  const connectors = config.sources.map((source) => open(source.type, source, read));
  const names = connectors.map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw new Error(`two inventory sources are called ${twice}; give one a \`name\``);
  return connectors;
}

/** The kind is chosen by `type`, so its `create` takes exactly this configuration; the compiler cannot see the pairing. */
function open(
  type: keyof typeof connectorKinds,
  config: z.infer<Kind['config']>,
  read: ReadCertificate,
): Connector {
  const create = connectorKinds[type].create as (config: never, read: ReadCertificate) => Connector;
  return create(config as never, read);
}
