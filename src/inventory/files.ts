import { z } from 'zod';
import type { InventoryItem } from '../model/inventory-item.js';
import type { Connector } from './connector.js';
import { certificatesIn } from './reading/certificate-file.js';
import type { ReadCertificate } from './reading/certificate-text.js';
import { issuerIndex } from './reading/issuers.js';
import { itemOf, itemsOfRow, type RowReading } from './reading/row.js';
import { sentence } from './reading/sentence.js';
import { isTable, tableRows } from './reading/table.js';
import { walk, type FoundFile } from './reading/walk.js';

const column = z.string().min(1).nullable().default(null);

/** Files and folders with certificates, and tables (CSV, TSV, JSON lines) that list them. */
export const filesConfig = z.strictObject({
  type: z.literal('files').describe('PEM and DER files, folders of them, CSV, TSV and JSON lines.'),
  name: z
    .string()
    .min(1)
    .nullable()
    .default(null)
    .describe('Name of this source: `files:<name>`. null: the first path is its name.'),
  paths: z
    .array(z.string().min(1))
    .min(1)
    .describe('Files and folders. Each must hold a certificate at least.'),
  recursive: z.boolean().default(true).describe('Go into sub-folders.'),
  ignore: z
    .array(z.string().min(1))
    .default([])
    .describe('Pass over names with these endings, for example .p12'),
  owner: z.string().nullable().default(null).describe('Who owns these certificates, unless a row says so.'),
  labels: z.record(z.string(), z.string()).default({}).describe('Labels for all of these certificates.'),
  columns: z
    .strictObject({
      sha256: column.describe('SHA-256 fingerprint, with or without colons.'),
      sha1: column.describe('SHA-1 fingerprint.'),
      spkiSha256: column.describe('SHA-256 of the public key (SubjectPublicKeyInfo).'),
      issuerSha256: column.describe("SHA-256 of the issuer's name in DER."),
      issuer: column.describe("Issuer's name; needs `issuers`."),
      serialNumber: column.describe('Serial number; counts together with the issuer.'),
      pem: column.describe('The certificate itself: PEM, or base64 of DER.'),
      owner: column.describe('Who owns it.'),
    })
    .prefault({})
    .describe(
      'Which column of a table says what. null: the usual names, such as sha256, thumbprint, serial.',
    ),
  labelColumns: z
    .array(z.string().min(1))
    .default([])
    .describe('Columns of a table that are kept as labels.'),
  delimiter: z.string().length(1).default(',').describe('Between the fields of a CSV file.'),
  serialFormat: z
    .enum(['hex', 'decimal'])
    .default('hex')
    .describe('How serial numbers that are digits alone are meant. With colons or 0x they are always hex.'),
  issuers: z
    .array(z.string().min(1))
    .default([])
    .describe('PEM or DER files of the issuers that a table names.'),
});

/** Files and folders with certificates, and tables that list them. */
export type FilesConfig = z.infer<typeof filesConfig>;

/** What a source is called: `files:` and its name, or its first path. */
export function filesName(config: FilesConfig): string {
  return `files:${config.name ?? config.paths[0]}`;
}

/** Rows of one file that are told one by one; of more only the number. */
const maxRowErrors = 20;

/** Reads the files anew at every `list`. A path that holds nothing at all is an error: it may be a disk that is not mounted. */
export function createFiles(config: FilesConfig, read: ReadCertificate): Connector {
  const source = filesName(config);
  return {
    name: source,
    async *list(signal, onError) {
      const issuerSha256 = await issuerIndex(config.issuers, read, signal, onError);
      const reading = { ...config, source, read, issuerSha256 };
      for (const path of config.paths) {
        let errors = 0;
        let items = 0;
        const count = (text: string): void => {
          errors += 1;
          onError(text);
        };
        for await (const item of itemsUnder(path, config, reading, signal, count)) {
          items += 1;
          yield item;
        }
        if (items === 0 && errors === 0) onError(sentence(path, 'holds no certificate'));
      }
    },
  };
}

async function* itemsUnder(
  path: string,
  config: FilesConfig,
  reading: RowReading,
  signal: AbortSignal,
  onError: (sentence: string) => void,
): AsyncGenerator<InventoryItem, void, undefined> {
  for await (const file of walk(path, config, signal, onError)) {
    try {
      if (isTable(file.path, file.named)) yield* rowItems(file, config.delimiter, reading, signal, onError);
      else yield* certificateItems(file, reading, signal, onError);
    } catch (error) {
      signal.throwIfAborted();
      onError(sentence(file.path, error));
    }
  }
}

async function* certificateItems(
  file: FoundFile,
  { source, owner, labels, read }: RowReading,
  signal: AbortSignal,
  onError: (sentence: string) => void,
): AsyncGenerator<InventoryItem, void, undefined> {
  for await (const { certificate, place } of certificatesIn(file, read, signal, onError))
    yield itemOf(certificate, { source, reference: place, owner, labels });
}

async function* rowItems(
  { path }: FoundFile,
  delimiter: string,
  reading: RowReading,
  signal: AbortSignal,
  onError: (sentence: string) => void,
): AsyncGenerator<InventoryItem, void, undefined> {
  let bad = 0;
  for await (const row of tableRows(path, delimiter, signal)) {
    const place = `${path}:${row.line}`;
    const items = 'problem' in row ? row.problem : itemsOfRow(row, place, reading);
    if (typeof items !== 'string') yield* items;
    else if ((bad += 1) <= maxRowErrors) onError(sentence(place, items));
  }
  if (bad > maxRowErrors) onError(sentence(path, `${bad - maxRowErrors} more rows could not be read`));
}
