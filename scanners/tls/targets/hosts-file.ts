import { readFileSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { formatAddress, parseAddress, splitZone } from './addresses.js';

/** Addresses of a name that this machine knows by itself; null when it has to be asked for. */
export type LocalNames = (name: string) => readonly string[] | null;

const rereadMs = 60_000;

/**
 * Names of the hosts file, read again once a minute, and `localhost` with everything below it, which never go to a name
 * server (RFC 6761 section 6.3). A file that cannot be read holds no names.
 */
export function createLocalNames(path = systemHostsFile()): LocalNames {
  let names: ReadonlyMap<string, readonly string[]> = new Map();
  let readAt = -Infinity;
  return (name) => {
    const now = performance.now();
    if (now - readAt > rereadMs) [names, readAt] = [readHostsFile(path), now];
    return names.get(name) ?? (/(^|\.)localhost$/.test(name) ? ownLoopback() : null);
  };
}

function systemHostsFile(): string {
  if (process.platform !== 'win32') return '/etc/hosts';
  return join(process.env['SystemRoot'] ?? 'C:\\Windows', 'System32', 'drivers', 'etc', 'hosts');
}

function readHostsFile(path: string): ReadonlyMap<string, readonly string[]> {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    return new Map(); // absent or barred: as the system's own resolver, go on with DNS
  }
  return parseHosts(text);
}

/** Lines of an address and its names, `#` before a comment (hosts(5)). Names in lower case, each with every address it has. */
export function parseHosts(text: string): ReadonlyMap<string, readonly string[]> {
  const names = new Map<string, string[]>();
  for (const line of text.split('\n')) {
    const [written = '', ...aliases] = line.replace(/#.*/, '').trim().split(/\s+/);
    const address = canonicalAddress(written);
    if (address === null) continue;
    for (const alias of aliases) {
      const name = alias.toLowerCase().replace(/\.$/, '');
      const known = names.get(name) ?? [];
      if (!known.includes(address)) names.set(name, [...known, address]);
    }
  }
  return names;
}

function canonicalAddress(text: string): string | null {
  const { address, zone } = splitZone(text);
  const parsed = parseAddress(address);
  if (parsed === undefined) return null;
  return `${formatAddress(parsed.family, parsed.first)}${zone === '' ? '' : `%${zone}`}`;
}

/** 127.0.0.1, and ::1 where this machine has it. */
function ownLoopback(): readonly string[] {
  const entries = Object.values(networkInterfaces()).flatMap((list) => list ?? []);
  return entries.some(({ address }) => address === '::1') ? ['127.0.0.1', '::1'] : ['127.0.0.1'];
}
