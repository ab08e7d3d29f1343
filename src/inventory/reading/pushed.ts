import { decodeText } from '../../lib/decode-text.js';
import { isUnreadable } from '../../model/certificate.js';
import {
  inventoryFacts,
  noIdentity,
  type InventoryFacts,
  type InventoryItem,
} from '../../model/inventory-item.js';
import { readBundle } from '../../x509/files/bundle.js';
import type { ReadCertificate } from '../connector.js';
import { documentItems } from './document.js';
import { firstElement } from './first-element.js';
import { fingerprint } from './identity.js';
import { columnFields, itemOf, type ColumnField, type RowReading } from './row.js';

/** What was said of everything that was pushed. */
export type PushedFacts = Pick<InventoryFacts, 'source' | 'owner' | 'environment' | 'labels' | 'tags'>;

/**
 * The items of pushed content: certificates in any format, JSON that names certificates by fingerprint, or fingerprints one a line. Each
 * is referred to by its fingerprint, so that a repeat replaces it. In words why nothing was taken when any part cannot be understood.
 */
export function readPushed(
  content: Uint8Array,
  facts: PushedFacts,
  read: ReadCertificate,
): InventoryItem[] | string {
  const items = certificates(content, facts, read);
  if (items.some((item) => item === null)) return 'a certificate in it cannot be read';
  const found = items.filter((item) => item !== null);
  const listed = listedItems(content, facts, read);
  if (typeof listed === 'string') return listed;
  const all = new Map([...listed, ...found].map((item) => [item.reference, item]));
  return all.size > 0 ? [...all.values()] : 'there is no certificate and no fingerprint in it';
}

function certificates(
  content: Uint8Array,
  facts: PushedFacts,
  read: ReadCertificate,
): readonly (InventoryItem | null)[] {
  return readBundle(content).items.map(({ der, problem }) => {
    const certificate = problem === null ? read(firstElement(der)) : null;
    if (certificate === null || isUnreadable(certificate)) return null;
    const names = certificate.names.slice(0, 100);
    return itemOf(certificate, inventoryFacts({ ...facts, names, reference: certificate.sha256 }));
  });
}

const usualColumns = Object.fromEntries(columnFields.map((field) => [field, null])) as Record<
  ColumnField,
  null
>;

/** What names certificates without showing them. */
function listedItems(
  content: Uint8Array,
  facts: PushedFacts,
  read: ReadCertificate,
): InventoryItem[] | string {
  const text = decodeText(content)?.trim() ?? '';
  const complete = (item: InventoryItem): InventoryItem => ({
    ...item,
    reference: item.sha256 ?? item.sha1 ?? item.spkiSha256 ?? `${item.issuerSha256}:${item.serialNumber}`,
    owner: item.owner ?? facts.owner,
    environment: item.environment ?? facts.environment,
    labels: { ...facts.labels, ...item.labels },
    tags: facts.tags,
  });
  const value = parsed(text);
  if (value === undefined) return fingerprintLines(text, facts);
  const reading: RowReading = {
    source: facts.source,
    columns: usualColumns,
    labelColumns: [],
    serialFormat: 'hex',
    issuerSha256: () => null,
    read,
  };
  const items: InventoryItem[] = [];
  for (const { place, items: found } of documentItems(value, 'JSON', reading)) {
    if (typeof found === 'string') return `${place === '' ? 'it' : place} ${found}`;
    items.push(...found.map(complete));
  }
  return items;
}

/** Nothing, unless every line is a fingerprint. */
function fingerprintLines(text: string, facts: PushedFacts): InventoryItem[] {
  const prints = text
    .split(/\r?\n/)
    .filter((line) => line.trim() !== '')
    .map((line) => fingerprint(line));
  return prints.flatMap((print) => {
    if (print === null || prints.includes(null)) return [];
    const reference = 'sha256' in print ? print.sha256 : print.sha1;

    return [{ ...inventoryFacts({ ...facts, reference }), ...noIdentity, ...print }];
  });
}

/** undefined for text that is no JSON. */
function parsed(text: string): unknown {
  if (!/^[[{]/.test(text)) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
