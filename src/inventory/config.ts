import { z } from 'zod';
import { cronExpression } from '../lib/cron-expression.js';
import { applyCommon, type ConfiguredConnector } from './common.js';
import type { CommonConfig } from './common-keys.js';
import type { ConnectorKind, ReadCertificate } from './connector.js';
import { connectorKinds } from './index.js';

const kinds = Object.values(connectorKinds);

/** One configured source, of whatever kind. */
export type SourceConfig = z.infer<(typeof kinds)[number]['config']>;

const [first, ...others] = kinds.map((kind) => kind.config);
if (first === undefined) throw new Error('there is no kind of inventory source');

/** What the operator believes to own. */
export const inventoryConfig = z.strictObject({
  sources: z
    .array(z.discriminatedUnion('type', [first, ...others]))
    .default([])
    .superRefine((sources, context) => {
      const names = sources.map(sourceName);
      names.forEach((name, index) => {
        if (names.indexOf(name) !== index)
          context.addIssue({
            code: 'custom',
            path: [index, 'name'],
            message: `there is another source called ${name}; give this one a name of its own`,
          });
      });
    })
    .describe(
      'Systems that know which certificates are managed, each with a `type`. If empty, `shadow` never fires.',
    ),
  schedule: cronExpression.default('7 */6 * * *').describe('Cron expression (UTC) of the imports.'),
});

/** What the operator believes to own. */
export type InventoryConfig = z.infer<typeof inventoryConfig>;

/** What a source is called: its type, and its name or what stands for it. Unique. */
export function sourceName(source: SourceConfig): string {
  return `${source.type}:${source.name ?? kindOf(source.type).defaultName(source)}`;
}

/** Opens one source; `read` is the certificate reader. */
export function createConnector(source: SourceConfig, read: ReadCertificate): ConfiguredConnector {
  const connector = kindOf(source.type).create(source, sourceName(source), read);
  return applyCommon(connector, source);
}

/** Opens every configured source. */
export function createConnectors(config: InventoryConfig, read: ReadCertificate): ConfiguredConnector[] {
  return config.sources.map((source) => createConnector(source, read));
}

/** The kind that `type` names takes exactly the configurations of that type; the compiler cannot see the pairing. */
function kindOf(type: SourceConfig['type']): ConnectorKind<z.ZodType<SourceConfig & CommonConfig>> {
  return connectorKinds[type];
}
