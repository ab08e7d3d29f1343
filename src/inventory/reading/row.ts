import type { Certificate } from '../../model/certificate.js';
import {
  inventoryFacts,
  type InventoryFacts,
  type InventoryIdentity,
  type InventoryItem,
} from '../../model/inventory-item.js';
import { isUnreadable } from '../../model/certificate.js';
import { readBundle } from '../../x509/files/bundle.js';
import type { ReadCertificate } from '../connector.js';
import { firstElement } from './first-element.js';
import { fingerprint, serialHex, sha256Hex, visible } from './identity.js';
import { columnKey, type TableRow } from './table.js';

/** What a table's columns may say. */
export const columnFields = [
  'sha256',
  'sha1',
  'spkiSha256',
  'issuerSha256',
  'issuer',
  'serialNumber',
  'pem',
  'owner',
  'environment',
] as const;

/** One of {@link columnFields}. */
export type ColumnField = (typeof columnFields)[number];

/** Column names that are understood without being configured. */
const usualNames: Readonly<Record<ColumnField, readonly string[]>> = {
  sha256: ['sha256', 'sha256fingerprint', 'fingerprintsha256', 'fingerprint', 'sha256thumbprint', 'x5ts256'],
  // AD CS calls it Certificate Hash, az x509ThumbprintHex.
  sha1: [
    'sha1',
    'sha1fingerprint',
    'fingerprintsha1',
    'thumbprint',
    'certificatehash',
    'x509thumbprinthex',
    'x5t',
  ],
  spkiSha256: ['spkisha256', 'publickeysha256'],
  issuerSha256: ['issuersha256'],
  issuer: ['issuer', 'issuerdn', 'issuername', 'issuerdistinguishedname'],
  serialNumber: ['serialnumber', 'serial'],
  pem: [
    'pem',
    'certificate',
    'certificatepem',
    'binarycertificate',
    'rawcertificate',
    'pemcertificate',
    'cer',
    'rawdata',
  ],
  owner: ['owner', 'contact', 'requestername'],
  environment: ['environment', 'env', 'stage'],
};

/** How to read the rows of a source's tables. */
export interface RowReading {
  readonly source: string;
  /** Column of each field; null means the usual names. */
  readonly columns: Readonly<Record<ColumnField, string | null>>;
  readonly labelColumns: readonly string[];
  readonly serialFormat: 'hex' | 'decimal';
  /** SHA-256 of the issuer Name that is meant by this text; null when it is none of the issuers known. */
  readonly issuerSha256: (text: string) => string | null;
  readonly read: ReadCertificate;
}

/** The items of one row (several when its PEM column holds a chain), or in words why there is none. */
export function itemsOfRow(row: TableRow, reference: string, reading: RowReading): InventoryItem[] | string {
  const cell = (field: ColumnField): string => cellOf(row, field, reading.columns[field]);
  const labels: Record<string, string> = {};
  for (const column of reading.labelColumns) {
    const value = row.cells.get(columnKey(column)) ?? '';
    if (value !== '') labels[column] = value;
  }
  const facts = inventoryFacts({
    source: reading.source,
    reference,
    owner: cell('owner') || null,
    environment: cell('environment') || null,
    labels,
  });
  if (cell('pem') !== '') return itemsOfText(cell('pem'), facts, reading.read);
  const identity = identityOf(cell, reading);
  return typeof identity === 'string' ? identity : [{ ...facts, tbsSha256: null, ...identity }];
}

/** Every certificate in a table's cell: PEM (line ends may be written `\\n`, as databases export them), or base64 of DER. */
function itemsOfText(text: string, facts: InventoryFacts, read: ReadCertificate): InventoryItem[] | string {
  const certificates = readBundle(Buffer.from(text)).items.map(({ der, problem }) =>
    problem === null ? read(firstElement(der)) : null,
  );
  const items = certificates.flatMap((certificate) =>
    certificate === null || isUnreadable(certificate) ? [] : [itemOf(certificate, facts)],
  );
  const isWhole = items.length > 0 && items.length === certificates.length;
  return isWhole ? items : 'its certificate is not readable';
}

/** What says which certificate this is. */
export function identityOfCertificate(certificate: Certificate): InventoryIdentity {
  const { sha256, sha1, spkiSha256, tbsSha256, issuerSha256, serialNumber } = certificate;
  return { sha256, sha1, spkiSha256, tbsSha256, issuerSha256, serialNumber: serialNumber || null };
}

/** The item of a certificate that is at hand. */
export function itemOf(certificate: Certificate, facts: InventoryFacts): InventoryItem {
  return { ...facts, ...identityOfCertificate(certificate) };
}

type Identity = Omit<InventoryIdentity, 'tbsSha256'>;

function identityOf(cell: (field: ColumnField) => string, reading: RowReading): Identity | string {
  const prints = { sha256: null as string | null, sha1: null as string | null };
  for (const field of ['sha256', 'sha1'] as const) {
    if (cell(field) === '') continue;
    const found = fingerprint(cell(field));
    if (found === null) return `${field} is no SHA-256 or SHA-1 in hex`;
    Object.assign(prints, found);
  }
  const spkiSha256 = cell('spkiSha256') === '' ? null : sha256Hex(cell('spkiSha256'));
  if (cell('spkiSha256') !== '' && spkiSha256 === null) return 'spkiSha256 is no SHA-256 in hex';
  const known = prints.sha256 !== null || prints.sha1 !== null || spkiSha256 !== null;
  const pair = issuerAndSerial(cell, reading);
  if (typeof pair === 'string' && !known) return pair;
  return { ...prints, spkiSha256, ...(typeof pair === 'string' ? noPair : pair) };
}

const noPair = { issuerSha256: null, serialNumber: null } as const;

function issuerAndSerial(
  cell: (field: ColumnField) => string,
  reading: RowReading,
): Pick<Identity, 'issuerSha256' | 'serialNumber'> | string {
  if (cell('serialNumber') === '')
    return 'has no fingerprint, no certificate, and no issuer with serial number';
  const serialNumber = serialHex(cell('serialNumber'), reading.serialFormat);
  if (serialNumber === null) return `serialNumber is not ${reading.serialFormat}`;
  const issuerSha256 =
    cell('issuerSha256') === '' ? reading.issuerSha256(cell('issuer')) : sha256Hex(cell('issuerSha256'));
  if (issuerSha256 === null)
    return 'has a serial number, but its issuer is none of those in `issuers` and no issuerSha256';
  return { issuerSha256, serialNumber };
}

function cellOf(row: Pick<TableRow, 'cells'>, field: ColumnField, column: string | null): string {
  if (column !== null) return cellAt(row, columnKey(column));
  for (const name of usualNames[field]) {
    const value = cellAt(row, name);
    if (value !== '') return value;
  }
  return '';
}

/** certutil writes EMPTY for a column without a value. */
function cellAt({ cells }: Pick<TableRow, 'cells'>, key: string): string {
  const value = cells.get(key);
  if (value === undefined || value === '' || value === 'EMPTY') return '';
  return visible(value);
}

/** True when a row says something in the column of this field. */
export function hasColumn(
  cells: ReadonlyMap<string, string>,
  field: ColumnField,
  { columns }: Pick<RowReading, 'columns'>,
): boolean {
  return cellOf({ cells }, field, columns[field]) !== '';
}
