import assert from 'node:assert/strict';
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { ctTail, type CtTailOptions } from '../../src/cli/ct-tail.js';
import { entryBlock } from '../../src/cli/render-ct.js';
import { createTailStatus } from '../../src/cli/tail-status.js';
import { ctEntry, temporaryFolder } from '../store/sample.js';
import {
  certificateEntry,
  generatedEntries,
  startCtLog,
  writeLogList,
  type CtLog,
} from '../support/ct-log.js';
import { issueCa, issueFor } from '../support/pki.js';

const folder = temporaryFolder();
const issuer = issueCa('Hook Test CA');
const watched = (name: string) => certificateEntry(issueFor(name, { issuer }), issuer);
let log: CtLog;
let list = '';
before(async () => {
  const entries = [...generatedEntries(5), watched('a.watched.test'), watched('b.watched.test')];
  log = await startCtLog({ protocol: 'rfc6962', entries, description: 'Hook Log' });
  list = await writeLogList(join(folder, 'list.json'), [log]);
});
after(() => log.close());

async function tail(options: CtTailOptions) {
  const said: string[] = [];
  const seen: string[] = [];
  const code = await ctTail(
    { logList: list, once: true, from: '0', match: ['watched.test'], ...options },
    {
      out: async () => undefined,
      error: (line) => void seen.push(line),
      status: (text) => void said.push(text()),
    },
  );
  return { code, status: said.at(-1) ?? '', errors: seen };
}

function script(name: string, text: string): string {
  const file = join(folder, name);
  writeFileSync(file, `#!/bin/sh\n${text}\n`);
  chmodSync(file, 0o755);
  return file;
}

describe('ct tail --exec', () => {
  it('runs the program for every match, with the entry on standard input and in variables', async () => {
    const out = join(folder, 'heard');
    const hook = script(
      'hook.sh',
      `printf '%s %s %s %s\\n' "$EVENT" "$WATCH_ITEM" "$ENTRY_INDEX" "$DNS_NAMES" >> ${out}; cat >> ${out}`,
    );
    const { code } = await tail({ exec: hook });
    assert.equal(code, 0);
    const lines = readFileSync(out, 'utf8').trim().split('\n');
    assert.deepEqual(
      [lines[0], lines[2]],
      ['discovered_cert watched.test 5 a.watched.test', 'discovered_cert watched.test 6 b.watched.test'],
    );
    assert.equal((JSON.parse(lines[1] ?? '') as { leafIndex: number }).leafIndex, 5);
  });

  it('ends with a sentence when it fails, and brings the entry again at the next start', async () => {
    const state = join(folder, 'state');
    const failing = script('failing.sh', 'echo no space left >&2; exit 3');
    await assert.rejects(
      tail({ exec: failing, state }),
      /--exec .*failing\.sh: exit code 3: no space left; the entry counts as not read/,
    );
    const out = join(folder, 'again');
    await tail({ exec: script('again.sh', `echo "$ENTRY_INDEX" >> ${out}`), state });
    assert.deepEqual(readFileSync(out, 'utf8').trim().split('\n'), ['5', '6']);
  });

  it('says what is wrong with a program that cannot be run', async () => {
    await assert.rejects(tail({ exec: join(folder, 'none.sh') }), /there is no such program/);
    writeFileSync(join(folder, 'plain.sh'), '#!/bin/sh\n');
    await assert.rejects(tail({ exec: join(folder, 'plain.sh') }), /it is not executable; chmod \+x it/);
  });
});

describe('ct tail on a terminal', () => {
  it('shows how far it is in one line', async () => {
    const { status } = await tail({});
    assert.match(status, /^1 log: 7 entries read, [\d,]+\/s, at the head, 2 matches$/);
  });

  it('shows how much is left', () => {
    const status = createTailStatus();
    const progress = (entries: number, position: number) =>
      ({
        range: { end: position },
        target: { treeSize: 1000 },
        counts: { entries, matched: 0, malformed: 0 },
        gaps: [],
        startedAt: 0,
      }) as unknown as Parameters<typeof status.note>[1];
    status.note('a', progress(0, 0), { entriesPerSecond: 0 });
    status.note('a', progress(500, 500), { entriesPerSecond: 100 });
    assert.match(status.line(), /^1 log: 500 entries read, 100\/s, 500 behind, about 5 s left, 0 matches$/);
  });

  it('shows a match as a block that fits the terminal', () => {
    const entry = ctEntry('x', 7);
    const block = entryBlock(
      'A Log \u001b[2J',
      entry,
      { width: 60, colour: false },
      new Date('2026-11-23T12:00:00Z'),
    );
    const lines = block.split('\n');
    assert.deepEqual(
      lines.slice(1, 6).map((line) => line.trim().split(' ')[0]),
      ['issuer', 'expires', 'logged', 'matches', 'sha256'],
    );
    for (const line of lines) assert.ok(line.length <= 60 && !line.includes('\u001b'), line);
  });
});
