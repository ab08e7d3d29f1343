import { createConnector, sourceName } from '../inventory/config.js';
import type { Connector } from '../inventory/connector.js';
import { printable } from '../lib/printable.js';
import type { InventoryItem } from '../model/inventory-item.js';
import { readCertificate } from '../x509/read/read-certificate.js';
import type { Output } from './inspect.js';
import { openConfig } from './open-config.js';

/** What one run of a source gave. */
interface Seen {
  items: number;
  readonly first: InventoryItem[];
  readonly statuses: Map<string, number>;
  readonly owners: Set<string>;
  readonly environments: Set<string>;
  readonly failing: string[];
  used: number;
  readonly errors: string[];
  readonly notes: string[];
}

const shown = 3;

/**
 * `certglass inventory test SOURCE`: reads one configured source and prints what it sees in about ten lines; nothing is stored. Answers
 * the exit code: 0 everything was read, 1 something could not be. Throws one sentence when there is no such source.
 */
export async function testSource(
  source: string,
  { config: file }: { readonly config: string },
  output: Output = process,
): Promise<number> {
  const { inventory } = openConfig(file, process.env);
  const wanted = inventory.sources.filter(
    (one) => sourceName(one) === source || one.type === source || one.name === source,
  );
  const [found] = wanted;
  if (found === undefined || wanted.length > 1)
    throw new Error(
      `${found === undefined ? 'there is no source' : 'there is more than one source'} ${source}; ${file} has: ${inventory.sources.map(sourceName).join(', ') || 'none'}`,
    );
  const connector = createConnector(found, readCertificate);
  const startedAt = Date.now();
  const seen = await look(connector);
  output.stdout.write(render(connector.name, seen, Date.now() - startedAt));
  return seen.errors.length === 0 ? 0 : 1;
}

async function look(connector: Connector): Promise<Seen> {
  const seen: Seen = {
    items: 0,
    first: [],
    statuses: new Map(),
    owners: new Set(),
    environments: new Set(),
    failing: [],
    used: 0,
    errors: [],
    notes: [],
  };
  const onError = (sentence: string): void => void seen.errors.push(sentence);
  try {
    const onNote = (sentence: string): void => void seen.notes.push(sentence);
    for await (const item of connector.list(new AbortController().signal, onError, { onNote }))
      add(seen, item);
  } catch (error) {
    onError(error instanceof Error ? error.message : String(error));
  }
  return seen;
}

function add(seen: Seen, item: InventoryItem): void {
  seen.items += 1;
  if (seen.first.length < shown) seen.first.push(item);
  if (item.status !== null) seen.statuses.set(item.status, (seen.statuses.get(item.status) ?? 0) + 1);
  if (item.owner !== null && seen.owners.size < 1_000) seen.owners.add(item.owner);
  if (item.environment !== null && seen.environments.size < 1_000) seen.environments.add(item.environment);
  if (item.inUseBy.length > 0) seen.used += 1;
  if (item.renewal?.failedAt)
    seen.failing.push(`${item.names[0] ?? item.reference} (${item.renewal.message ?? 'no reason given'})`);
}

function render(name: string, seen: Seen, ms: number): string {
  const { items, errors, notes, failing } = seen;
  const statuses = [...seen.statuses].map(([status, count]) => `${count} ${status}`);
  const lines: [string, string][] = [
    ['source', name],
    [
      'read',
      `${items} certificates in ${(ms / 1_000).toFixed(1)} s, ${errors.length === 0 ? 'complete' : 'incomplete'}`,
    ],
    ...seen.first.map((item): [string, string] => ['such as', describe(item)]),
    ['states', few(statuses)],
    ['owners', few([...seen.owners])],
    ['environments', few([...seen.environments])],
    ['in use', `${seen.used} say by what`],
    ['renewal', failing.length === 0 ? 'none fails' : `${failing.length} fail: ${few(failing)}`],
    ['errors', few(errors)],
    ['passed over', few(notes)],
  ];
  return lines.map(([label, text]) => `${label.padEnd(13)}${printable(text, 400)}\n`).join('');
}

function describe({ reference, names, sha256, sha1, serialNumber }: InventoryItem): string {
  const identity = sha256 ?? sha1 ?? serialNumber ?? 'no certificate yet';
  return `${reference}  ${names.slice(0, 2).join(', ')}  ${identity.slice(0, 16)}`;
}

function few(texts: readonly string[]): string {
  if (texts.length === 0) return 'none';
  const more = texts.length > shown ? `; and ${texts.length - shown} more` : '';
  return `${texts.slice(0, shown).join('; ')}${more}`;
}
