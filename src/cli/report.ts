import { spawn } from 'node:child_process';
import { createPublicKey } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { extname, join, resolve } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { printable } from '../lib/printable.js';
import { fileError } from '../lib/read-bounded.js';
import { renderTable } from './table.js';
import { findService, type RemoteOptions } from './find-service.js';
import { lookOf } from './look.js';
import { getJson, getStream, type Remote } from './remote.js';

/** In which form a report is wanted, and where. */
export interface ReportForm {
  readonly format?: 'html' | 'json' | 'csv' | 'pdf';
  readonly table?: string;
  readonly out?: string;
}

/** Options of `certglass report` and `certglass evidence export`. */
export interface ReportOptions extends RemoteOptions, ReportForm {
  readonly from?: Date;
  readonly to?: Date;
  readonly domain?: string;
  readonly owner?: string;
  readonly environment?: string;
  readonly tag?: string;
}

interface Description {
  readonly id: string;
  readonly title: string;
  readonly description: string;
}

/** `certglass report`: a report to a file or standard output; without a name, which reports there are. */
export async function report(name: string | undefined, options: ReportOptions): Promise<number> {
  const remote = findService(options, process.env);
  if (name === undefined) return printDescriptions(remote, '/api/v1/reports');
  await fetchReport(
    remote,
    `/api/v1/reports/${encodeURIComponent(name)}`,
    queryOf(options, new Date()),
    options,
  );
  return 0;
}

/** Saves what this path answers in the form asked for, by default that of the ending of `out`. */
export async function fetchReport(
  remote: Remote,
  path: string,
  query: URLSearchParams,
  { out, table, format = formatOf(out) }: ReportForm,
): Promise<void> {
  query.set('format', format === 'pdf' ? 'html' : format);
  if (table !== undefined) query.set('table', table);
  const content = await getStream(remote, `${path}?${query.toString()}`);
  if (format === 'pdf') await writePdf(content, out);
  else await save(content, out);
}

/** `certglass evidence export`: a signed archive; without a framework, which ones there are. */
export async function exportEvidence(framework: string | undefined, options: ReportOptions): Promise<number> {
  const remote = findService(options, process.env);
  if (framework === undefined) return printDescriptions(remote, '/api/v1/evidence');
  const query = queryOf(options, new Date());
  const content = await getStream(
    remote,
    `/api/v1/evidence/${encodeURIComponent(framework)}?${query.toString()}`,
  );
  const out = options.out ?? `${framework}.zip`;
  await save(content, out);
  process.stdout.write(`${resolve(out)}\n`);
  return 0;
}

/** `certglass evidence verify`: 0 when the archive is as it was signed, 1 when not. */
export async function verifyEvidenceFile(file: string, options: { readonly key?: string }): Promise<number> {
  const { verifyEvidence } = await import('../reports/evidence/verify.js');
  const trusted = options.key === undefined ? null : createPublicKey(await readFile(options.key));
  const { manifest, keySha256, faults } = await verifyEvidence(file, trusted).catch((error: unknown) => {
    if (error instanceof Error && 'code' in error) throw fileError(file, error);
    throw new Error(`${file} is no archive of evidence; give one that "certglass evidence export" wrote`, {
      cause: error,
    });
  });
  if (manifest !== null)
    process.stdout.write(
      `${manifest.framework}, ${manifest.from} to ${manifest.to}, made ${manifest.createdAt} by Certglass ${manifest.version}\n` +
        `${manifest.files.length} files, signed by key ${keySha256 ?? 'unknown'}\n`,
    );
  for (const fault of faults) process.stderr.write(`certglass: ${printable(fault, 2_000)}\n`);
  process.stdout.write(
    faults.length === 0
      ? 'Everything is as it was signed.\n'
      : `${faults.length} faults: do not rely on this file.\n`,
  );
  if (faults.length === 0 && trusted === null)
    process.stdout.write('Compare the key with the one you were given, or name it with --key.\n');
  return faults.length === 0 ? 0 : 1;
}

async function printDescriptions(remote: Remote, path: string): Promise<number> {
  const { items } = (await getJson(remote, path)) as unknown as { readonly items: readonly Description[] };
  const columns = [
    { title: 'NAME', text: ({ id }: Description) => id, minWidth: 16 },
    { title: 'TITLE', text: ({ title }: Description) => title, minWidth: 16 },
    {
      title: 'DESCRIPTION',
      text: ({ description }: Description) => description,
      minWidth: 20,
      optional: true,
    },
  ];
  process.stdout.write(renderTable(items, columns, lookOf(process.stdout, process.env)));
  return 0;
}

/** Without dates: the calendar month before this one. */
function queryOf(options: ReportOptions, now: Date): URLSearchParams {
  const month = Date.UTC(now.getUTCFullYear(), now.getUTCMonth());
  const to = options.to ?? (options.from === undefined ? new Date(month) : now);
  const from = options.from ?? new Date(Date.UTC(to.getUTCFullYear(), to.getUTCMonth() - 1, 1));
  const query = new URLSearchParams({ from: from.toISOString(), to: to.toISOString() });
  for (const part of ['domain', 'owner', 'environment', 'tag'] as const) {
    const value = options[part];
    if (value !== undefined) query.set(part, value);
  }
  return query;
}

function formatOf(out: string | undefined): 'html' | 'json' | 'csv' | 'pdf' {
  const ending = extname(out ?? '').slice(1);
  return ending === 'json' || ending === 'csv' || ending === 'pdf' ? ending : 'html';
}

/** To standard output, or to a file that gets its name once it is whole. */
async function save(content: Readable, out: string | undefined): Promise<void> {
  if (out === undefined) return pipeline(content, process.stdout, { end: false });
  const partial = `${out}.partial`;
  try {
    await pipeline(content, createWriteStream(partial));
    await rename(partial, out);
  } catch (error) {
    await rm(partial, { force: true });
    throw error;
  }
}

const browsers = ['chromium', 'chromium-browser', 'google-chrome'];

/** Prints the page with a browser that is installed here; it opens nothing but the one file. */
async function writePdf(page: Readable, out: string | undefined): Promise<void> {
  if (out === undefined) throw new Error('--format pdf needs --out FILE');
  const folder = await mkdtemp(join(tmpdir(), 'certglass-report-'));
  try {
    const file = join(folder, 'report.html');
    await writeFile(file, page);
    for (const browser of browsers) if (await print(browser, folder, file, resolve(out))) return;
    throw new Error('--format pdf needs Chromium; install it, or take --format html and print that');
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** False when there is no such browser. */
function print(browser: string, folder: string, file: string, out: string): Promise<boolean> {
  const child = spawn(
    browser,
    [
      '--headless',
      '--disable-gpu',
      '--disable-background-networking',
      '--no-first-run',
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
      `--user-data-dir=${join(folder, 'profile')}`,
      '--no-pdf-header-footer',
      `--print-to-pdf=${out}`,
      `file://${file}`,
    ],
    { stdio: 'ignore', timeout: 120_000 },
  );
  return new Promise((done, fail) => {
    child.on('error', (error: NodeJS.ErrnoException) =>
      error.code === 'ENOENT' ? done(false) : fail(error),
    );
    child.on('exit', (code) =>
      code === 0 ? done(true) : fail(new Error(`${browser} could not print the report (exit code ${code})`)),
    );
  });
}
