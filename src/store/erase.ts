import { isIPv4, isIPv6 } from 'node:net';
import { domainToASCII } from 'node:url';
import ipaddr from 'ipaddr.js';
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
  // Of an issuance the key is a hash without a host.
  { name: 'judged', host: hostOfEndpoint.replaceAll('endpoint', 'key') },
  { name: 'findings_by_time', host: 'host' },
  { name: 'findings', host: 'host' },
  { name: 'finding_changes', host: `JSONExtractString(tupleElement(finding, 'body'), 'host')` },
] as const;

/**
 * Reads a host name or an address, or with a dot in front a domain, into the form in which the scanner writes hosts. Throws an Error on
 * anything else: what is empty would be found in every finding that is about no host.
 */
export function readEraseTarget(text: string): EraseTarget {
  const plain = text.trim().replace(/^\[(.*)\]$/, '$1');
  if (isIPv6(plain)) return { host: ipaddr.IPv6.parse(plain.replace(/%.*/, '')).toRFC5952String() };
  if (isIPv4(plain)) return { host: plain };
  const isDomain = /^[*]?[.]/.test(plain);
  const name = domainToASCII(plain.replace(/^[*]?[.]/, '').replace(/[.]$/, ''));
  if (!/^[a-z0-9_-]+([.][a-z0-9_-]+)*$/.test(name))
    throw new Error(
      `${JSON.stringify(text)} is neither a host, an address, nor a domain with a dot in front`,
    );
  return isDomain ? { domain: name } : { host: name };
}

/** Deletes every look, state and finding of a target from the disk; resolves with the number of rows found when they are gone. */
export async function erase(database: Database, dialect: Dialect, target: EraseTarget): Promise<number> {
  const [condition, value] =
    'host' in target
      ? [(host: string): string => `${host} = {value:String}`, target.host]
      : [
          (host: string): string =>
            `${host} = {value:String} OR endsWith(${host}, concat('.', {value:String}))`,
          target.domain,
        ];
  let found = 0;
  for (const { name, host } of tables) {
    const [row] = await database.rows<{ rows: string }>(
      `SELECT count() AS rows FROM ${name} WHERE ${condition(host)}`,
      { value },
      { maxSeconds: 3_600 },
    );
    found += Number(row?.rows);
    // Without subqueries: replicated tables refuse those in a mutation.
    await database.command(
      render(
        dialect,
        `ALTER TABLE {local:${name}} {on_cluster} DELETE WHERE ${condition(host)} SETTINGS mutations_sync = 2`,
      ),
      { value },
    );
  }
  return found;
}
