import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { cipherSuiteName } from '../../scanners/tls/wire/cipher-suites.js';
import { groupFromOpenssl } from '../../scanners/tls/wire/groups.js';
import { bound, program } from './support.js';

/** What testssl.sh found; `null` where it says nothing. */
export interface TestsslFacts {
  /** `TLSv1.2 TLS_ECDHE_...` each. */
  readonly suites: ReadonlySet<string>;
  readonly groups: ReadonlySet<string>;
  /** Whether the server follows its own order. */
  readonly hasOrder: boolean | null;
  readonly secureRenegotiation: boolean | null;
  readonly compression: boolean | null;
  /** Lifetime hint of the session ticket, in seconds. */
  readonly ticketLifetimeSeconds: number | null;
}

const versions: Readonly<Record<string, string>> = {
  ssl2: 'SSLv2',
  ssl3: 'SSLv3',
  tls1: 'TLSv1',
  tls1_1: 'TLSv1.1',
  tls1_2: 'TLSv1.2',
  tls1_3: 'TLSv1.3',
};

/**
 * Path of testssl.sh (Debian installs it as `testssl`); null when it is not installed, or not asked for about this set-up:
 * it is a shell script that takes half a minute of CPU time for each server. CERTGLASS_TESTSSL is a pattern of names of set-ups,
 * `1` all of them.
 */
export function testsslFor(setup: string): string | null {
  const asked = process.env['CERTGLASS_TESTSSL'] ?? '';
  if (asked === '' || (asked !== '1' && !new RegExp(asked).test(setup))) return null;
  return program('testssl') ?? program('testssl.sh');
}

/** Suites by version, order, groups, renegotiation, compression, tickets; no name is looked up. */
const sections = '-n none -E -P -f -R --crime -S'.split(' ');

/** Runs testssl.sh against a port of 127.0.0.1. */
export async function testsslFacts(command: string, port: number): Promise<TestsslFacts> {
  const folder = mkdtempSync(join(tmpdir(), 'testssl-'));
  const file = join(folder, 'out.json');
  const options = ['--quiet', '--color', '0', '--warnings', 'off', ...sections];
  try {
    // Its exit code counts its findings.
    const [guarded, args] = bound(command, [...options, '--jsonfile', file, `127.0.0.1:${port}`]);
    await promisify(execFile)(guarded, args, {
      maxBuffer: 1e8,
      cwd: folder,
    }).catch(() => undefined);
    return read(JSON.parse(readFileSync(file, 'utf8')) as Finding[]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

interface Finding {
  readonly id: string;
  readonly finding: string;
}

function read(findings: readonly Finding[]): TestsslFacts {
  const said = new Map(findings.map(({ id, finding }) => [id, finding]));
  const suites = findings.flatMap(({ id }) => {
    const [, version = '', value = ''] = /^cipher-(\w+)_x([0-9a-f]+)$/.exec(id) ?? [];
    if (version === '') return [];
    const suite = version === 'ssl2' ? value : cipherSuiteName(Number.parseInt(value, 16));
    return [`${versions[version] ?? version} ${suite}`];
  });
  const groups = (said.get('PFS_ECDHE_curves') ?? '').split(/\s+/).filter((name) => name !== '');
  return {
    suites: new Set(suites),
    groups: new Set(groups.map(groupFromOpenssl)),
    hasOrder: answer(said.get('cipher_order'), /^(server|a server|yes)/i, /^not? a cipher order|^no\b/i),
    secureRenegotiation: answer(said.get('secure_renego'), /^supported/i, /^(not supported|vulnerable)/i),
    ticketLifetimeSeconds: secondsOf(said.get('TLS_session_ticket')),
    compression: answer(said.get('CRIME_TLS'), /^vulnerable/i, /^not vulnerable/i),
  };
}

function secondsOf(text: string | undefined): number | null {
  const seconds = /^valid for (\d+) seconds/.exec(text ?? '')?.[1];
  return seconds === undefined ? null : Number(seconds);
}

function answer(text: string | undefined, yes: RegExp, no: RegExp): boolean | null {
  if (text === undefined) return null;
  if (no.test(text)) return false;
  return yes.test(text) ? true : null;
}
