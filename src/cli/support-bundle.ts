import { execFile } from 'node:child_process';
import { open } from 'node:fs/promises';
import { createWriteStream, existsSync } from 'node:fs';
import { freemem, release, totalmem } from 'node:os';
import { resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { ZipFile } from 'yazl';
import { describeConfig } from '../config/describe.js';
import { configSchema } from '../config/config.js';
import { createSecretRemover } from '../lib/http/redact.js';
import { secretPaths, secretsIn } from '../lib/secret-paths.js';
import { packageVersion } from '../service/package-version.js';
import { migrations } from '../store/migrations/index.js';
import { examine } from './doctor/doctor.js';
import { openConfig } from './open-config.js';
import { runningOn } from './find-service.js';
import type { Output } from './inspect.js';
import { getStream, type Remote } from './remote.js';

/** Options of `certglass support-bundle`. */
export interface SupportBundleOptions {
  readonly config?: string;
  /** File to write. */
  readonly out?: string;
  /** File with the log of the service. */
  readonly log?: string;
  /** systemd unit whose journal is read when there is no `log`. */
  readonly unit: string;
  readonly offline?: boolean;
}

const mostLogBytes = 4 * 1024 * 1024;
const journalLines = 5_000;

/** What is asked of a running service, and the name of the file it becomes. */
const asked = [
  ['health.json', '/health/ready'],
  ['metrics.txt', '/metrics'],
  ['findings-about-certglass.json', '/api/v1/findings?state=open&subjectKind=self&limit=200'],
  ['scans.json', '/api/v1/scans?limit=50'],
  ['ct-logs.json', '/api/v1/ct/logs?limit=500'],
  ['channels.json', '/api/v1/channels'],
] as const;

/**
 * `certglass support-bundle`: writes what a support engineer needs into one zip archive: versions, the configuration without its
 * secrets, the answers of `certglass doctor`, health, metrics and the last log lines. Every known secret is taken out of every file.
 */
export async function supportBundle(
  options: SupportBundleOptions,
  output: Output = process,
): Promise<number> {
  const now = new Date();
  const stamp = now.toISOString().replaceAll(/[-:]|\.\d+/g, '');
  // Before the process moves to the folder of the configuration.
  const path = resolve(options.out ?? `certglass-support-${stamp}.zip`);
  const file = options.config === undefined ? null : resolve(options.config);
  const log = await logOf(options);
  const config = openConfig(options.config ?? null, process.env);
  if (existsSync(path)) throw new Error(`${path} exists already; name another file with --out`);
  const remote = runningOn(config.store.dataDir);
  const redact = createSecretRemover([
    ...secretsIn(config, secretPaths(configSchema)),
    remote?.token,
    process.env['CERTGLASS_TOKEN'],
  ]);
  const zip = new ZipFile();
  const written = pipeline(zip.outputStream, createWriteStream(path, { flags: 'wx', mode: 0o600 }));
  const add = (name: string, content: string): void =>
    zip.addBuffer(Buffer.from(redact(content)), name, { mtime: now });
  add('about.json', pretty(about(now)));
  add('config.json', pretty(describeConfig(config, process.env)));
  add('doctor.json', pretty(await examine(config, file, options.offline !== true, now)));
  for (const [name, content] of await fromService(remote)) add(name, content);
  if (log !== null) add('log.txt', log);
  zip.end();
  await written;
  output.stdout.write(`${path}\n`);
  output.stderr.write(
    'The bundle holds host names and addresses, but no known secret; read it through before you send it.\n',
  );
  return 0;
}

function about(now: Date): Readonly<Record<string, unknown>> {
  const report = process.report.getReport() as { readonly header: Readonly<Record<string, unknown>> };
  return {
    madeAt: now.toISOString(),
    certglass: packageVersion(),
    schema: migrations.length,
    versions: process.versions,
    platform: `${process.platform} ${process.arch} ${release()}`,
    glibc: report.header['glibcVersionRuntime'] ?? null,
    memoryMiB: { total: Math.round(totalmem() / 1_048_576), free: Math.round(freemem() / 1_048_576) },
  };
}

/** What a running service answers; an answer that fails becomes the reason why. */
async function fromService(remote: Remote | null): Promise<readonly (readonly [string, string])[]> {
  if (remote === null) return [['service.txt', 'no service runs on the data folder\n']];
  return Promise.all(
    asked.map(async ([name, path]) => {
      try {
        return [name, await textOf(await getStream(remote, path))] as const;
      } catch (error) {
        return [name, `${error instanceof Error ? error.message : String(error)}\n`] as const;
      }
    }),
  );
}

async function textOf(stream: AsyncIterable<Buffer>): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of stream) parts.push(part);
  return Buffer.concat(parts).toString('utf8');
}

/** The end of the log: of a file, or of the journal of the unit; null where there is neither. */
async function logOf({ log, unit }: SupportBundleOptions): Promise<string | null> {
  if (log !== undefined) return endOf(log);
  const parameters = ['--unit', unit, '--lines', String(journalLines), '--output', 'cat', '--no-pager'];
  const limits = { timeout: 10_000, maxBuffer: mostLogBytes * 4 };
  return promisify(execFile)('journalctl', parameters, limits).then(
    ({ stdout }) => (stdout.trim() === '' ? null : stdout),
    () => null,
  );
}

async function endOf(path: string): Promise<string> {
  const file = await open(path);
  try {
    const { size } = await file.stat();
    const start = Math.max(0, size - mostLogBytes);
    const { buffer, bytesRead } = await file.read({ buffer: Buffer.alloc(size - start), position: start });
    return buffer.subarray(0, bytesRead).toString('utf8');
  } finally {
    await file.close();
  }
}

function pretty(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
