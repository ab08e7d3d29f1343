import { validate } from 'node-cron';
import { z } from 'zod';
import type { Connector } from './connector.js';
import { connectorKinds } from './index.js';
import type { ReadCertificate } from './reading/certificate-text.js';

const kinds = Object.values(connectorKinds);
type Source = z.infer<(typeof kinds)[number]['config']>;

const [first, ...others] = kinds.map((kind) => kind.config);
if (first === undefined) throw new Error('there is no kind of inventory source');

/** What the operator believes to own. */
export const inventoryConfig = z.strictObject({
  sources: z
    .array(z.discriminatedUnion('type', [first, ...others]))
    .default([])
    .superRefine((sources, context) => {
      const names = sources.map((source) => kindOf(source.type).nameOf(source));
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
      'Systems that know which certificates are managed, each with a `type`. None: nothing is called shadow.',
    ),
  schedule: z
    .string()
    .refine(validate, 'not a cron expression')
    .default('7 */6 * * *')
    .describe('Cron expression (UTC) of the imports.'),
});

/** What the operator believes to own. */
export type InventoryConfig = z.infer<typeof inventoryConfig>;

/** Opens every configured source; `read` is the certificate reader. */
export function createConnectors(config: InventoryConfig, read: ReadCertificate): Connector[] {
  return config.sources.map((source) => kindOf(source.type).create(source, read));
}

/** The kind that `type` names takes exactly the configurations of that type; the compiler cannot see the pairing. */
function kindOf(type: Source['type']): {
  nameOf(config: Source): string;
  create(config: Source, read: ReadCertificate): Connector;
} {
  return connectorKinds[type];
}
