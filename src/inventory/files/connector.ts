import { extname } from 'node:path';
import { inventoryFacts, type InventoryItem } from '../../model/inventory-item.js';
import type { Connector, ConnectorKind, ReadCertificate } from '../connector.js';
import { certificatesIn, type FileReading } from '../reading/certificate-file.js';
import { documentItems, readDocument } from '../reading/document.js';
import { issuerIndex } from '../reading/issuers.js';
import { reportTo, type Report } from '../reading/report.js';
import { itemOf, itemsOfRow, type RowReading } from '../reading/row.js';
import { sentence } from '../reading/sentence.js';
import { isTable, tableRows } from '../reading/table.js';
import { walk, type FoundFile } from '../reading/walk.js';
import { filesConfig, type FilesConfig } from './config.js';

/** Rows of one file that are reported one by one; of more only the number. */
const maxRowErrors = 20;

interface Reading {
  readonly rows: RowReading;
  readonly files: FileReading;
  readonly delimiter: string | null;
}

/** Reads the files anew at every `list`. A path that holds nothing at all is an error: it may be a disk that is not mounted. */
export function createFiles(config: FilesConfig, source: string, read: ReadCertificate): Connector {
  return {
    name: source,
    async *list(signal, onError, options) {
      const report = reportTo(onError, options, config.strict);
      const files = { read, passwords: config.passwords, report };
      const issuerSha256 = await issuerIndex(config.issuers, files, signal);
      for (const path of config.paths) {
        const counted = countErrors(report);
        const reading = {
          rows: { ...config, source, read, issuerSha256 },
          files: { ...files, report: counted },
          delimiter: config.delimiter,
        };
        let items = 0;
        for await (const item of itemsUnder(path, config, reading, signal)) {
          items += 1;
          yield item;
        }
        if (items === 0 && counted.errors() === 0) report.error(sentence(path, 'holds no certificate'));
      }
    },
  };
}

function countErrors(report: Report): Report & { errors(): number } {
  let count = 0;
  return {
    error(text) {
      count += 1;
      report.error(text);
    },
    note: report.note,
    errors: () => count,
  };
}

async function* itemsUnder(
  path: string,
  config: FilesConfig,
  reading: Reading,
  signal: AbortSignal,
): AsyncGenerator<InventoryItem, void, undefined> {
  const { report } = reading.files;
  for await (const file of walk(path, config, signal, report)) {
    try {
      if (isTable(file.path)) yield* rowItems(file, reading, signal);
      else yield* fileItems(file, reading, signal);
    } catch (error) {
      signal.throwIfAborted();
      report.error(sentence(file.path, error));
    }
  }
}

/** A JSON document that the operator named may also list certificates by fingerprint; others may mean anything by such words. */
async function* fileItems(
  file: FoundFile,
  { rows, files }: Reading,
  signal: AbortSignal,
): AsyncGenerator<InventoryItem, void, undefined> {
  const isDocument =
    file.named && extname(file.path).toLowerCase() === '.json' && file.bytes <= maxDocumentBytes;
  const value = isDocument ? await readDocument(file.path) : undefined;
  let listed = 0;
  if (value !== undefined) {
    for (const item of listedItems(value, file.path, rows, files.report)) {
      listed += 1;
      yield item;
    }
  }
  const asFound = listed > 0 ? { ...file, named: false } : file;
  for await (const { certificate, place } of certificatesIn(asFound, files, signal))
    yield itemOf(certificate, inventoryFacts({ source: rows.source, reference: place }));
}

const maxDocumentBytes = 100_000_000;

function* listedItems(
  value: unknown,
  path: string,
  rows: RowReading,
  report: Report,
): Generator<InventoryItem, void, undefined> {
  const complain = limited(path, 'objects', report);
  for (const { place, items } of documentItems(value, path, rows)) {
    if (typeof items === 'string') complain.take(`${path}:${place}`, items);
    else yield* items;
  }
  complain.end();
}

async function* rowItems(
  { path }: FoundFile,
  { rows, files, delimiter }: Reading,
  signal: AbortSignal,
): AsyncGenerator<InventoryItem, void, undefined> {
  const complain = limited(path, 'rows', files.report);
  for await (const row of tableRows(path, delimiter, signal)) {
    const place = `${path}:${row.line}`;
    const items = 'problem' in row ? row.problem : itemsOfRow(row, place, rows);
    if (typeof items === 'string') complain.take(place, items);
    else yield* items;
  }
  complain.end();
}

/** Reports the first errors of a file one by one, and how many more there were. */
function limited(path: string, what: string, report: Report) {
  let count = 0;
  return {
    take(place: string, problem: string): void {
      if ((count += 1) <= maxRowErrors) report.error(sentence(place, problem));
    },
    end(): void {
      if (count > maxRowErrors)
        report.error(sentence(path, `${count - maxRowErrors} more ${what} could not be read`));
    },
  };
}

/** Certificate files, tables and documents. */
export const files: ConnectorKind<typeof filesConfig> = {
  config: filesConfig,
  defaultName: ({ paths }) => paths[0] ?? '',
  create: createFiles,
};
