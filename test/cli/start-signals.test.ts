import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import { it } from 'node:test';
import { watchSignals } from '../../src/cli/start-signals.js';

function watched(isGone: boolean) {
  const seen: string[] = [];
  const source = new EventEmitter();
  const signals = watchSignals(source, { isGone: () => isGone, leave: () => void seen.push('left') });
  return { seen, source, signals };
}

it('SIGHUP is ignored until there is something to read again, then reads it again', () => {
  const { seen, source, signals } = watched(false);
  source.emit('SIGHUP');
  signals.onReload(() => void seen.push('reload'));
  assert.deepEqual(seen, []);
  source.emit('SIGHUP');
  assert.deepEqual(seen, ['reload']);
});

it('SIGHUP of a terminal that is gone ends a foreground run, even one that is still starting', async () => {
  const { seen, source, signals } = watched(true);
  source.emit('SIGHUP');
  assert.equal(await signals.stopping, 'SIGHUP');
  assert.deepEqual(seen, ['left']);
});

for (const signal of ['SIGTERM', 'SIGINT'])
  it(`${signal} asks for the end`, async () => {
    const { source, signals } = watched(false);
    source.emit(signal);
    assert.equal(await signals.stopping, signal);
  });
