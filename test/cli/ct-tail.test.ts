import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { openStateFolder } from '../../scanners/ct/follow/state-folder.js';
import { lockFolder } from '../../src/store/folder-lock.js';
import { ctTail, type CtTailOptions } from '../../src/cli/ct-tail.js';
import {
  certificateEntry,
  generatedEntries,
  startCtLog,
  writeLogList,
  type CtLog,
} from '../support/ct-log.js';
import { redirect } from '../support/ct-log-faults.js';
import { issueCa, issueFor } from '../support/pki.js';

const issuer = issueCa('Tail Test CA');
const watched = (name: string): ReturnType<typeof certificateEntry> =>
  certificateEntry(issueFor(name, { issuer }), issuer);

let folder = '';
let list = '';
let logs: CtLog[] = [];
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ct-tail-'));
  const entries = [...generatedEntries(260), watched('www.watched.test'), ...generatedEntries(39)];
  logs = await Promise.all([
    startCtLog({ protocol: 'rfc6962', entries, description: 'First Log' }),
    startCtLog({ protocol: 'static-ct', entries, description: 'Second Log' }),
  ]);
  list = await writeLogList(join(folder, 'list.json'), logs);
});
after(async () => {
  await Promise.all(logs.map((log) => log.close()));
  await rm(folder, { recursive: true });
});

interface Line {
  readonly type: string;
  readonly log: string;
  readonly leafIndex: number;
  readonly logs: readonly Record<string, unknown>[];
  readonly certificate: { readonly dnsNames: readonly string[] };
}

async function tail(options: CtTailOptions) {
  const out: string[] = [];
  const errors: string[] = [];
  const code = await ctTail(
    { logList: list, once: true, ...options },
    {
      out: async (line) => void out.push(line),
      error: (line) => void errors.push(line),
    },
  );
  return { code, out, errors, lines: (): Line[] => out.map((line) => JSON.parse(line) as Line) };
}

describe('certglass ct tail', () => {
  for (const [options, sentence] of [
    [
      { match: ['bad domain'] },
      /^Error: --match bad domain: this is no domain or IP address; give one such as example\.com/,
    ],
    [{ match: ['good.example', ''] }, /^Error: --match : this is no domain/],
    [{ match: 'https://example.com/' }, /this is no domain/],
    [{ from: '-5' }, /^Error: --from -5: give head, an index, or a date/],
    [{ from: '2026-13-01' }, /^Error: --from 2026-13-01/],
    [{ from: 'May' }, /^Error: --from May/],
  ] as const)
    it(`refuses ${JSON.stringify(options)}`, () => assert.rejects(tail(options), sentence));

  it('takes a domain as people write it', async () => {
    const { lines } = await tail({ from: '0', json: true, match: ['*.WATCHED.test.'] });
    assert.ok(lines().some(({ certificate }) => certificate?.dnsNames.includes('www.watched.test')));
  });

  it('--once --json prints a line per matched entry and a summary of every log', async () => {
    const { code, lines } = await tail({ from: '0', json: true, match: ['watched.test'] });
    assert.equal(code, 0);
    const summary = lines().at(-1)!;
    assert.equal(summary.type, 'summary');
    assert.deepEqual(
      summary.logs
        .map(({ log, entries, matched, malformed, verified }) => ({
          log,
          entries,
          matched,
          malformed,
          verified,
        }))
        .sort((a, b) => String(a.log).localeCompare(String(b.log))),
      ['First Log', 'Second Log'].map((log) => ({
        log,
        entries: 300,
        matched: 1,
        malformed: 0,
        verified: true,
      })),
    );
    for (const { seconds, entriesPerSecond } of summary.logs)
      assert.ok(Number(seconds) > 0 && Number(entriesPerSecond) > 0);
    const entries = lines().slice(0, -1);
    assert.deepEqual(
      entries.map((line) => [line.type, line.leafIndex, line.certificate.dnsNames]),
      [
        ['entry', 260, ['www.watched.test']],
        ['entry', 260, ['www.watched.test']],
      ],
    );
  });

  it('starts at the head by default, and from its state folder the next time', async () => {
    const state = join(folder, 'state');
    const first = await tail({ json: true, match: 'watched.test', state, log: 'First' });
    assert.equal(first.lines()[0]?.logs[0]?.['entries'], 0);
    logs[0]!.append(watched('new.watched.test'));
    const second = await tail({ json: true, match: 'watched.test', state, log: 'First' });
    assert.deepEqual(
      second.lines().map(({ type }) => type),
      ['entry', 'summary'],
    );
    assert.equal((await readdir(state)).length, 1);
    const third = await tail({ json: true, match: 'watched.test', state, log: 'First' });
    assert.deepEqual(
      third.lines().map(({ type }) => type),
      ['summary'],
    );
    await writeFile(join(state, (await readdir(state))[0]!), 'not a state');
    await assert.rejects(tail({ state, log: 'First', match: 'x.test' }), /is not a state file of certglass/);
  });

  it('prints nothing but the summary without --match, and every entry with --match .', async () => {
    const nothing = await tail({ from: '0', log: ['first'] });
    assert.equal(nothing.out.length, 1);
    assert.match(nothing.out[0]!, /^First Log: 30\d entries, 0 matched, 0 malformed, .* verified$/);
    assert.match(nothing.errors.join(), /nothing to look for/);
    const everything = await tail({ from: '290', log: ['first'], match: '.' });
    assert.equal(everything.out.length, logs[0]!.book.size - 290 + 1);
  });

  it('says that an index lies beyond the tree', async () => {
    const { code, errors, lines } = await tail({
      from: '999999',
      log: ['first'],
      match: 'x.test',
      json: true,
    });
    assert.equal(code, 0);
    assert.match(
      errors.join(),
      /^certglass: First Log: the start 999999 lies beyond the tree of 30\d entries; begun at its head$/,
    );
    assert.equal(lines().at(-1)?.logs[0]?.['entries'], 0);
  });

  it('keeps hostile text off the terminal', async () => {
    const log = await startCtLog({ protocol: 'rfc6962', entries: [watched('\u001b[31m.watched.test')] });
    const path = await writeLogList(join(folder, 'hostile.json'), [log]);
    const { out } = await tail({ logList: path, from: '0', match: 'watched.test' });
    await log.close();
    assert.equal(out.length, 2);
    assert.ok(!out.join('').includes('\u001b'));
  });

  it('says 1, and why, when a log cannot be read or believed', async () => {
    const log = await startCtLog({ protocol: 'static-ct', entries: generatedEntries(5) });
    const path = await writeLogList(join(folder, 'bad.json'), [log]);
    log.faults.add('bad-signature');
    const { code, lines, out, errors } = await tail({
      logList: path,
      from: '0',
      json: true,
      match: 'x.test',
    });
    await log.close();
    assert.equal(code, 1);
    assert.equal(lines().at(-1)?.logs[0]?.['verified'], false);
    assert.match(errors.join('\n'), /signature does not verify/);
    assert.doesNotMatch(out.join('\n'), /"type":"misbehaviour"/);
  });

  it('finds IP addresses', async () => {
    const der = issueFor('n.test', { issuer, ipAddresses: ['192.0.2.7', '2001:db8::7'] });
    const log = await startCtLog({
      protocol: 'rfc6962',
      entries: [watched('other.test'), certificateEntry(der, issuer)],
    });
    const path = await writeLogList(join(folder, 'addresses.json'), [log]);
    for (const match of ['192.0.2.7', '2001:DB8:0::7']) {
      const { lines } = await tail({ logList: path, from: '0', json: true, match });
      assert.deepEqual(
        lines().map((line) => (line as unknown as Record<string, unknown>)['leafIndex']),
        [1, undefined],
      );
    }
    await log.close();
  });

  it('follows a log that moved within its origin', async () => {
    const log = await startCtLog({ protocol: 'rfc6962', entries: [watched('www.watched.test')] });
    const path = await writeLogList(join(folder, 'moved.json'), [log]);
    log.override = ({ path: asked }, answer) =>
      asked.includes('moved') ? answer : redirect(answer, `${asked}${asked.includes('?') ? '&' : '?'}moved`);
    const { code, out } = await tail({ logList: path, from: '0', match: 'watched.test' });
    await log.close();
    assert.deepEqual([code, out.length], [0, 2]);
  });

  it('reads a tiled log with many issuers without a warning of the runtime', async () => {
    const warnings: Error[] = [];
    const note = (warning: Error): void => void warnings.push(warning);
    process.on('warning', note);
    const issuers = Array.from({ length: 40 }, (_, index) => issueCa(`Issuer ${index}`));
    const entries = issuers.map((one, index) =>
      certificateEntry(issueFor(`n${index}.watched.test`, { issuer: one }), one),
    );
    const log = await startCtLog({ protocol: 'static-ct', entries });
    const path = await writeLogList(join(folder, 'issuers.json'), [log]);
    const { out } = await tail({ logList: path, from: '0', match: 'watched.test' });
    await log.close();
    await new Promise((resolve) => setImmediate(resolve));
    process.off('warning', note);
    assert.equal(out.length, 41);
    assert.deepEqual(warnings.map(String), []);
  });

  it('shares its state folder with nobody', async () => {
    const state = join(folder, 'shared-state');
    const unlock = await openStateFolder(state).then(() => lockFolder(state));
    await assert.rejects(tail({ match: 'x.test', state }), /is in use by process/);
    await unlock();
    assert.equal((await tail({ match: 'x.test', state })).code, 0);
  });

  for (const once of [true, false])
    for (const text of ['garbage', '{}', '{"range":{"end":"x"}}'])
      it(`${once ? '--once ' : ''}says that ${text} is no state of a log, and ends`, async () => {
        const state = await mkdtemp(join(folder, 'odd-'));
        const name = Buffer.from(logs[0]!.logId, 'base64').toString('hex');
        await writeFile(join(state, `${name}.json`), text);
        await assert.rejects(
          tail({ state, once, match: 'watched.test' }),
          /is not a state file of certglass/,
        );
      });

  it('says that its state cannot be kept', async () => {
    const state = join(folder, 'a-file');
    await writeFile(state, '');
    await assert.rejects(
      tail({ match: 'x.test', state }),
      /^Error: state cannot be kept in .*a-file: EEXIST/,
    );
    // Where nobody, not even root, may write.
    await assert.rejects(
      tail({ match: 'x.test', state: '/proc' }),
      /^Error: state cannot be kept in \/proc: E/,
    );
  });

  for (const [name, options, message] of [
    ['a list that is not there', { logList: '/nonexistent/list.json' }, /cannot be read.*ENOENT|ENOENT/],
    ['no log of that name', { log: 'Third' }, /has no log to follow of this name/],
    ['a start that is none', { from: 'yesterdayish' }, /--from yesterdayish: give head, an index, or a date/],
  ] as const)
    it(`refuses ${name} in one sentence`, async () => {
      await assert.rejects(tail({ match: 'x.test', ...options }), message);
    });
});
