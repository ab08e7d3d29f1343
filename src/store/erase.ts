import type { Database } from './database.js';
import { type Dialect, render } from './dialect.js';

/** Whose data: one host, or a domain with everything under it. */
export type EraseTarget = { readonly host: string } | { readonly domain: string };

const hostOfEndpoint = `substring(endpoint, 1, position(endpoint, '|') - 1)`;

/** Tables that hold data of hosts, and the host in each. Certificates are public by nature and stay. */
const tables = [
  { name: 'observations', host: hostOfEndpoint },
  { name: 'endpoints', host: hostOfEndpoint },
  { name: 'sightings', host: hostOfEndpoint },
  { name: 'served', host: hostOfEndpoint },
  { name: 'serving', host: hostOfEndpoint },
  { name: 'findings_by_time', host: 'host' },
  { name: 'findings', host: 'host' },
  { name: 'finding_changes', host: `JSONExtractString(tupleElement(finding, 'body'), 'host')` },
] as const;

/** Deletes every look, state and finding of a target from the disk; resolves when they are gone. */
export async function erase(database: Database, dialect: Dialect, target: EraseTarget): Promise<void> {
  const [condition, value] =
    'host' in target
      ? [(host: string): string => `${host} = {value:String}`, target.host]
      : [
          (host: string): string =>
            `${host} = {value:String} OR endsWith(${host}, concat('.', {value:String}))`,
          target.domain,
        ];
  for (const { name, host } of tables)
    // Without subqueries: replicated tables refuse those in a mutation.
    await database.command(
      render(
        dialect,
        `ALTER TABLE {local:${name}} {on_cluster} DELETE WHERE ${condition(host)} SETTINGS mutations_sync = 2`,
      ),
      { value: value.toLowerCase() },
    );
}
