import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createLog } from '../../src/cli/log.js';

function terminalLog(level: 'info' | 'debug' = 'info', isTTY = true) {
  const lines: string[] = [];
  const stream = { isTTY, columns: 80, write: (text: string) => void lines.push(text) };
  const log = createLog({ level, format: 'text' }, stream, { NO_COLOR: '1' });
  return { log, lines: () => lines.map((line) => line.replace(/^\d\d:\d\d:\d\d /, '').trimEnd()) };
}

describe('the log on a terminal', () => {
  for (const [fields, message, expected] of [
    [
      { opened: 5, resolved: 1, titles: ['shop.example.com expired', 'b', 'c'] },
      'findings changed',
      'info  5 new findings: shop.example.com expired, b, c and 2 more; 1 finding resolved',
    ],
    [{ opened: 1, resolved: 0, titles: ['a'] }, 'findings changed', 'info  1 new finding: a'],
    [
      { channel: 'email', findings: 2, to: ['ops@example.com'] },
      'message sent',
      'info  email: message about 2 findings sent to ops@example.com',
    ],
    [
      { scan: 'x', group: 'web', stopped: false, done: 3, outcomes: { ok: 2, refused: 1, silent: 0 } },
      'scan ended',
      'info  scan web ended: 3 endpoints, 2 ok, 1 refused',
    ],
    [{ folder: '/var/lib/certglass' }, 'data folder', 'info  data in /var/lib/certglass'],
    [{ log: 'x\u001b[31m', n: 1, none: null }, 'anything else', 'info  anything else: log x\\u{1b}[31m, n 1'],
  ] as const)
    it(`says ${expected}`, () => {
      const { log, lines } = terminalLog();
      log.info(fields, message);
      assert.deepEqual(lines(), [expected]);
    });

  it('names the level, and leaves out what the level hides', () => {
    const { log, lines } = terminalLog();
    log.debug('not shown');
    log.warn('careful');
    log.error({ err: new Error('the disk is full') }, 'not saved');
    assert.deepEqual(lines(), ['warn  careful', 'error not saved: the disk is full']);
  });
});

it('a stack is kept for faults of the code only', () => {
  const written: string[] = [];
  const log = createLog({ level: 'info', format: 'text' }, { write: (text) => void written.push(text) }, {});
  const serialize = log[Symbol.for('pino.serializers') as keyof typeof log] as unknown as {
    err(error: Error): Record<string, unknown>;
  };
  assert.equal(serialize.err(new Error('no such file'))['stack'], undefined);
  assert.match(String(serialize.err(new TypeError('x is undefined'))['stack']), /log\.test/);
});
