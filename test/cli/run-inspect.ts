import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { after } from 'node:test';
import { inspect, type InspectOptions } from '../../src/cli/inspect.js';
import type { InspectLine } from '../../src/model/inspect-line.js';
import { daysFromNow, issueCa, issueFor } from '../support/pki.js';

/** Where the test writes its files; removed behind it. */
export const folder = mkdtempSync(join(tmpdir(), 'certglass-inspect-'));
after(() => rmSync(folder, { recursive: true }));

/** Writes a file below {@link folder}; answers its path. */
export function file(name: string, contents: string | Uint8Array): string {
  writeFileSync(join(folder, name), contents);
  return join(folder, name);
}

/** Makes a folder below {@link folder}; answers its path. */
export function subfolder(name: string): string {
  mkdirSync(join(folder, name), { recursive: true });
  return join(folder, name);
}

/** What a run of inspect wrote. */
interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
  /** With `json`: the lines of `out`. */
  readonly lines: readonly InspectLine[];
}

/** A stream that keeps what is written, slowly enough for writers to have to wait. */
function sink(): { readonly stream: Writable; text(): string } {
  const parts: Buffer[] = [];
  const stream = new Writable({
    highWaterMark: 100,
    write(part: Buffer, _encoding, done) {
      parts.push(part);
      setImmediate(done);
    },
  });
  return { stream, text: () => Buffer.concat(parts).toString() };
}

/** Runs `certglass inspect` within this process. */
export async function run(files: readonly string[], options: InspectOptions = {}): Promise<Ran> {
  const [stdout, stderr] = [sink(), sink()];
  const code = await inspect(files, options, { stdout: stdout.stream, stderr: stderr.stream });
  await Promise.all([stdout, stderr].map(({ stream }) => new Promise((done) => stream.end(done))));
  const out = stdout.text();
  const lines = options.json === true ? out.split('\n').slice(0, -1) : [];
  return { code, out, err: stderr.text(), lines: lines.map((line) => JSON.parse(line) as InspectLine) };
}

/** Options for lines. */
export const json = { json: true } as const;

/** The one line of a file with one certificate. */
export async function only(path: string, options: InspectOptions = {}): Promise<InspectLine> {
  const { lines } = await run([path], { ...json, ...options });
  assert.equal(lines.length, 1);
  return lines[0] as InspectLine;
}

/** The rules that have a finding, in order. */
export function rulesOf(line: InspectLine | undefined): readonly string[] {
  return (line?.findings ?? []).map(({ rule }) => rule).sort();
}

export const root = issueCa('Inspected Root');
export const sub = issueCa('Inspected Sub', { issuer: root, pathLength: 0, notAfter: daysFromNow(900) });
/** Issued by {@link sub}. */
export const leaf = issueFor('www.example.com', { issuer: sub });
/** Issued by {@link root}. */
export const other = issueFor('other.example.com', { issuer: root });
export const roots = file('roots.pem', root.pem);
export const chain = file('chain.pem', leaf.pem + sub.pem + root.pem);
export const leafFile = file('leaf.pem', leaf.pem);
