import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { MalformedError } from '../../src/ct/bytes.js';
import { parseLogList, verifyLogListSignature, type LogInfo } from '../../src/ct/log-list.js';
import { makeLogSigner } from '../support/ct-log-head.js';
import { damaged, sharedFile, withoutShared } from './shared.js';

const signer = makeLogSigner();

/** A list of one log of the given shape. */
function listOf(log: Record<string, unknown>, kind: 'logs' | 'tiled_logs' = 'logs'): Buffer {
  const complete = { description: 'A log', key: signer.key, log_id: signer.logId, mmd: 86_400, ...log };
  return Buffer.from(JSON.stringify({ version: '1', operators: [{ name: 'Op', [kind]: [complete] }] }));
}

function only(bytes: Buffer): LogInfo {
  const list = parseLogList(bytes);
  assert.deepEqual(list.problems, []);
  return list.logs[0]!;
}

describe('a log list', () => {
  it('gives an RFC 6962 log with its address, a slash at the end', () => {
    const log = only(listOf({ url: 'https://ct.test/log' }));
    assert.deepEqual(
      [log.protocol, log.url, log.origin, log.logId, log.operator],
      ['rfc6962', 'https://ct.test/log/', '', signer.logId, 'Op'],
    );
  });

  it('gives a tiled log with the origin of its checkpoints', () => {
    const urls = { submission_url: 'https://log.test/2026h2/', monitoring_url: 'https://mon.test/2026h2' };
    const log = only(listOf(urls, 'tiled_logs'));
    assert.deepEqual(
      [log.protocol, log.url, log.origin],
      ['static-ct', 'https://mon.test/2026h2/', 'log.test/2026h2'],
    );
  });

  it('adds the scheme that lists of version 2 leave out', () => {
    assert.equal(only(listOf({ url: 'ct.test/log/' })).url, 'https://ct.test/log/');
  });

  for (const state of ['pending', 'qualified', 'usable', 'readonly', 'retired', 'rejected'] as const)
    it(`knows the state ${state}`, () => {
      const log = only(
        listOf({ url: 'https://ct.test/', state: { [state]: { timestamp: '2026-01-02T00:00:00Z' } } }),
      );
      assert.equal(log.state, state);
      assert.equal(log.stateSince?.toISOString(), '2026-01-02T00:00:00.000Z');
    });

  it('gives previous operators in order of time, and passes over what is none', () => {
    const previous = [
      { name: 'Second', end_time: '2025-06-01T00:00:00Z' },
      { name: 'First', end_time: '1735689600000' },
      { name: 'Never' },
      { end_time: '2025-01-01T00:00:00Z' },
      'nobody',
    ];
    const log = only(listOf({ url: 'https://ct.test/', previous_operators: previous }));
    assert.deepEqual(log.previousOperators, [
      { name: 'First', until: new Date('2025-01-01T00:00:00Z') },
      { name: 'Second', until: new Date('2025-06-01T00:00:00Z') },
    ]);
    assert.deepEqual(only(listOf({ url: 'https://ct.test/' })).previousOperators, []);
  });

  it('takes a log without a state, or with one nobody knows, as unstated', () => {
    assert.equal(only(listOf({ url: 'https://ct.test/' })).state, 'unstated');
    assert.equal(only(listOf({ url: 'https://ct.test/', state: { resting: {} } })).state, 'unstated');
  });

  it('reads times in milliseconds, as Android publishes them, like ISO times', () => {
    const interval = { start_inclusive: 1_767_225_600_000, end_exclusive: '1782864000000' };
    const log = only(listOf({ url: 'https://ct.test/', temporal_interval: interval }));
    assert.equal(log.interval?.start.toISOString(), '2026-01-01T00:00:00.000Z');
    assert.equal(log.interval?.end.toISOString(), '2026-07-01T00:00:00.000Z');
  });

  it('knows where a frozen log ends', () => {
    const final = { tree_size: 9, sha256_root_hash: Buffer.alloc(32, 1).toString('base64') };
    const state = { readonly: { timestamp: '2026-01-01T00:00:00Z', final_tree_head: final } };
    assert.deepEqual(only(listOf({ url: 'https://ct.test/', state })).finalTreeHead, {
      treeSize: 9,
      rootHash: Buffer.alloc(32, 1),
    });
  });

  it('marks placeholders, by name or by an address that cannot exist', () => {
    assert.ok(
      only(listOf({ url: 'https://real.test/', description: 'Bogus placeholder log to unbreak clients' }))
        .isPlaceholder,
    );
    assert.ok(only(listOf({ url: 'https://ct.example.com/bogus/' })).isPlaceholder);
    assert.equal(only(listOf({ url: 'https://ct.test/' })).isPlaceholder, false);
  });

  it("reads SSLMate's hints about how hard a log may be asked", () => {
    const log = only(
      listOf({ url: 'https://ct.test/', certspotter_download_size: 32, certspotter_download_qps: 2.5 }),
    );
    assert.deepEqual(log.hints, { pageSize: 32, jobs: null, qps: 2.5 });
  });

  for (const [name, log] of [
    ['a log id of another key', { url: 'https://ct.test/', log_id: makeLogSigner().logId }],
    ['no key', { url: 'https://ct.test/', key: undefined }],
    ['no address', {}],
    ['an address that is no web address', { url: 'file:///etc/passwd' }],
    ['an address with a password', { url: 'https://a:b@ct.test/' }],
    ['a delay that is no number', { url: 'https://ct.test/', mmd: 'long' }],
  ] as const)
    it(`leaves out a log with ${name}, and says so`, () => {
      const list = parseLogList(listOf(log));
      assert.equal(list.logs.length, 0);
      assert.match(list.problems[0]!, /^A log: /);
    });

  it('takes a log that stands in it twice once', () => {
    const log = { description: 'A log', key: signer.key, url: 'https://ct.test/' };
    const list = parseLogList(Buffer.from(JSON.stringify({ operators: [{ name: 'x', logs: [log, log] }] })));
    assert.equal(list.logs.length, 1);
    assert.equal(list.problems.length, 1);
  });

  it('damaged in any way is read as far as it goes, or refused', () => {
    const bytes = listOf({ url: 'https://ct.test/', state: { usable: {} }, temporal_interval: {} });
    for (const copy of damaged(bytes, 3000, 4))
      try {
        parseLogList(copy);
      } catch (error) {
        assert.ok(error instanceof MalformedError, String(error));
      }
    for (const text of ['null', '[]', '{}', '{"operators":{}}'])
      assert.throws(() => parseLogList(Buffer.from(text)), MalformedError);
  });
});

describe('real log lists', { skip: withoutShared }, () => {
  it("Google's verifies with its key over its exact bytes, and not with a byte changed", () => {
    const bytes = sharedFile('loglist/log_list.v80.14.json');
    const signature = sharedFile('loglist/log_list.v80.14.sig');
    const key = sharedFile('loglist/log_list_pubkey.pem').toString();
    assert.ok(verifyLogListSignature(bytes, signature, key));
    const changed = Buffer.from(bytes);
    changed[100]! ^= 1;
    assert.equal(verifyLogListSignature(changed, signature, key), false);
  });

  it('every log of every list is read', () => {
    for (const [name, rfc6962, tiled] of [
      ['log_list.v89.30.reconstructed.json', 26, 22],
      ['log_list_tiled_logs.appmattus-test.json', null, null],
      ['log_list.v80.14.json', null, null],
    ] as const) {
      const list = parseLogList(sharedFile(`loglist/${name}`));
      assert.deepEqual(list.problems, []);
      if (rfc6962 === null) continue;
      assert.equal(list.logs.filter((log) => log.protocol === 'rfc6962').length, rfc6962);
      assert.equal(list.logs.filter((log) => log.protocol === 'static-ct').length, tiled);
    }
  });

  it('all_logs_list has its 34 logs without a state', () => {
    const list = parseLogList(sharedFile('loglist/all_logs_list.v53.34.json'));
    const count = (state: string): number => list.logs.filter((log) => log.state === state).length;
    assert.ok(list.isAllLogs);
    assert.deepEqual(
      ['usable', 'rejected', 'pending', 'retired', 'readonly', 'unstated'].map(count),
      [33, 100, 10, 3, 1, 34],
    );
  });
});
