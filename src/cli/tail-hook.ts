import { spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { jsonLine } from '../lib/json-line.js';
import { printable } from '../lib/printable.js';
import type { CtEntry } from '../model/ct-entry.js';
import { entryLine } from './render-ct.js';

/** Runs a program for one matched entry; rejects with one sentence when it fails. */
export type TailHook = (
  log: { readonly description: string; readonly url: string },
  entry: CtEntry,
) => Promise<void>;

const longestMs = 60_000;
const maxSaid = 2_000;

/**
 * `--exec`: the program gets the entry as a line of JSON on standard input, and the variables that certspotter's hooks have, as far as they
 * are known. It is not run by a shell. What it prints goes where Certglass prints.
 */
export function createTailHook(program: string, signal: AbortSignal): TailHook {
  const command = program.includes('/') ? resolve(program) : program;
  return (log, entry) =>
    new Promise((done, fail) => {
      const child = spawn(command, [], {
        stdio: ['pipe', 'inherit', 'pipe'],
        env: { ...process.env, ...variables(log, entry) },
        signal: AbortSignal.any([signal, AbortSignal.timeout(longestMs)]),
        killSignal: 'SIGKILL',
      });
      const failed = (why: string): void =>
        fail(new Error(`--exec ${program}: ${why}; the entry counts as not read`));
      let said = '';
      child.stderr.on('data', (chunk: Buffer) => {
        if (said.length < maxSaid) said += chunk.toString();
      });
      child.once('error', (error: NodeJS.ErrnoException) =>
        failed(
          error.code === 'ENOENT'
            ? 'there is no such program'
            : error.code === 'EACCES'
              ? 'it is not executable; chmod +x it'
              : error.name === 'AbortError'
                ? `ended after ${longestMs / 1000} s, or with Certglass`
                : error.message,
        ),
      );
      child.once('close', (code, killedBy) =>
        code === 0
          ? done()
          : failed(
              `exit code ${code ?? killedBy ?? 'none'}${said === '' ? '' : `: ${printable(said.trim(), maxSaid)}`}`,
            ),
      );
      // It may not want to read.
      child.stdin.on('error', () => undefined).end(`${jsonLine(entryLine(log.description, entry))}\n`);
    });
}

/** Hostile texts are escaped: a variable cannot hold every character, and a script that is careless must not be steered. */
function variables(
  log: { readonly description: string; readonly url: string },
  entry: CtEntry,
): Record<string, string> {
  const { certificate, leafIndex, matches } = entry;
  const [match] = matches;
  const facts: Readonly<Record<string, string | null | undefined>> = {
    EVENT: 'discovered_cert',
    SUMMARY: `Certificate discovered for ${certificate.names[0] ?? certificate.subject}`,
    WATCH_ITEM: match === undefined ? '' : match.item || match.value,
    LOG_URI: log.url,
    LOG: log.description,
    ENTRY_INDEX: String(leafIndex),
    TBS_SHA256: certificate.tbsSha256,
    CERT_SHA256: certificate.sha256,
    PUBKEY_SHA256: certificate.spkiSha256,
    SUBJECT_DN: certificate.subject,
    ISSUER_DN: certificate.issuer,
    SERIAL: certificate.serialNumber,
    NOT_BEFORE_RFC3339: certificate.notBefore?.toISOString(),
    NOT_AFTER_RFC3339: certificate.notAfter?.toISOString(),
    DNS_NAMES: certificate.dnsNames.slice(0, 100).join(','),
  };
  return Object.fromEntries(
    Object.entries(facts).map(([name, value]) => [name, printable(value ?? '', 4_000)]),
  );
}
