import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { tlsConfig } from '../../../../scanners/tls/config.js';
import { Heap } from '../../../../scanners/tls/pace/heap.js';
import { networkOf, Pacer, type Clock, type ProbeTurn } from '../../../../scanners/tls/pace/pacer.js';
import { quietUntil } from '../../../../scanners/tls/pace/quiet-hours.js';
import { RateLimiter } from '../../../../scanners/tls/pace/rate-limiter.js';

const signal = new AbortController().signal;
const job = (address: string, position = 0): ProbeTurn => ({
  position,
  target: { host: address, address, port: 443, serverName: null, starttls: null },
  isLearned: false,
  spentMs: 0,
});

async function* jobs(addresses: readonly string[]): AsyncGenerator<readonly ProbeTurn[], void, void> {
  for (const [position, address] of addresses.entries()) {
    await Promise.resolve();
    yield [job(address, position)];
  }
}

function pacer(addresses: readonly string[], rate: object): Pacer {
  const config = tlsConfig.parse({ rate: { global: 0, perAddress: 0, perNetwork: 0, perName: 0, ...rate } });
  return new Pacer(jobs(addresses), config.rate, config);
}

/** A clock that jumps to the next sleeper's time as soon as nothing else happens; starts at noon. */
function leapingClock(): Clock {
  let now = 0;
  const sleepers: { readonly at: number; readonly wake: () => void }[] = [];
  let isLeaping = false;
  const leap = (): void => {
    sleepers.sort((x, y) => x.at - y.at);
    const next = sleepers.shift();
    isLeaping = next !== undefined;
    if (next === undefined) return;
    now = Math.max(now, next.at);
    next.wake();
    setImmediate(leap);
  };
  return {
    now: () => now,
    date: () => new Date(Date.UTC(2026, 10, 23, 12) + now),
    sleep: (ms) =>
      new Promise((wake) => {
        sleepers.push({ at: now + ms, wake });
        if (!isLeaping) setImmediate(leap);
        isLeaping = true;
      }),
  };
}

/** When so many jobs are let go by so many lanes, in ms of a leaping clock. */
async function dispatched(count: number, settings: object, lanes: number): Promise<number[]> {
  const unlimited = { perAddress: 0, perNetwork: 0, perName: 0 };
  const given = settings as { rate: object };
  const config = tlsConfig.parse({ ...given, rate: { ...unlimited, ...given.rate } });
  const clock = leapingClock();
  const addresses = Array.from({ length: count }, (_, index) => `10.0.${index >> 8}.${index & 255}`);
  const line = new Pacer(jobs(addresses), config.rate, config, clock);
  const times: number[] = [];
  const lane = async (): Promise<void> => {
    for (let next = await line.next(signal); next !== null; next = await line.next(signal)) {
      times.push(clock.now());
      line.done(next, 'ok');
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  return times;
}

describe('A rate limiter', () => {
  it('lets a second of tokens through at once, then one per interval', () => {
    const limiter = new RateLimiter(10);
    const times: number[] = [];
    for (let count = 0; count < 15; count += 1) {
      const at = limiter.readyAt('a', 0);
      limiter.take('a', at);
      times.push(Math.round(at));
    }
    assert.deepEqual(times, [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 100, 200, 300, 400, 500]);
    assert.equal(limiter.readyAt('b', 0), 0);
  });

  it('knows no limit at 0', () => {
    const limiter = new RateLimiter(0);
    for (let count = 0; count < 1000; count += 1) limiter.take('a', 0);
    assert.equal(limiter.readyAt('a', 5), 5);
  });

  it('serves less than one a second', () => {
    const limiter = new RateLimiter(0.5);
    limiter.take('a', 0);
    assert.equal(limiter.readyAt('a', 1), 2000);
  });
});

describe('A heap', () => {
  it('gives the smallest first', () => {
    const heap = new Heap<number>();
    const values = Array.from({ length: 500 }, (_, index) => (index * 7919) % 501);
    for (const value of values) heap.push(value, value);
    const out = values.map(() => heap.pop());
    assert.deepEqual(
      out,
      [...values].sort((x, y) => x - y),
    );
    assert.equal(heap.pop(), undefined);
    assert.equal(heap.nextAt, Infinity);
  });
});

describe('A pacer', () => {
  it('lets others go first when one network has no token left', async () => {
    const line = pacer([...Array.from({ length: 5 }, (_, index) => `10.0.0.${index}`), '10.9.9.9'], {
      perNetwork: 2,
    });
    const order: string[] = [];
    for (let count = 0; count < 3; count += 1) {
      const next = await line.next(signal);
      assert.ok(next);
      order.push(next.target.host);
      line.done(next, 'ok');
    }
    assert.deepEqual(order.sort(), ['10.0.0.0', '10.0.0.1', '10.9.9.9']);
  });

  it('keeps the global rate', async () => {
    const line = pacer(
      Array.from({ length: 60 }, (_, index) => `10.0.${index}.1`),
      { global: 40 },
    );
    const startedAt = performance.now();
    for (let next = await line.next(signal); next !== null; next = await line.next(signal))
      line.done(next, 'ok');
    const seconds = (performance.now() - startedAt) / 1000;
    assert.ok(seconds > 0.45 && seconds < 5, `${seconds}`);
  });

  it('waits for jobs that others may still bring, and ends when nobody can', async () => {
    const line = pacer(['10.0.0.1'], {});
    const first = await line.next(signal);
    assert.ok(first);
    const waiting = line.next(signal);
    line.add(job('10.0.0.2', 1));
    const second = await waiting;
    assert.equal(second?.target.host, '10.0.0.2');
    const end = line.next(signal);
    line.done(first, 'ok');
    line.done(second, 'ok');
    assert.equal(await end, null);
  });

  it('ends on abort while it waits', async () => {
    const line = pacer(['10.0.0.1', '10.0.0.1', '10.0.0.1'], { perAddress: 0.01 });
    const stop = new AbortController();
    const first = await line.next(stop.signal);
    assert.ok(first);
    const waiting = line.next(stop.signal);
    setImmediate(() => stop.abort());
    assert.equal(await waiting, null);
  });

  it('slows down for a network that stops answering, and recovers', async () => {
    const times = async (outcomes: readonly ('ok' | 'silent')[]): Promise<number> => {
      const line = pacer([], { perNetwork: 1000 });
      for (const outcome of outcomes) line.done(job('10.0.0.1'), outcome);
      for (let count = 0; count < 1000; count += 1) line.add(job(`10.0.0.${count % 250}`));
      const startedAt = performance.now();
      let last = startedAt;
      for (
        let next = await line.next(signal);
        next !== null && last - startedAt < 2000;
        next = await line.next(signal)
      ) {
        line.done(next, null);
        last = performance.now();
      }
      return last - startedAt;
    };
    assert.ok((await times(['ok', 'silent'])) < 1500);
    assert.ok((await times(['ok', ...Array.from({ length: 8 }, () => 'silent' as const)])) >= 2000);
    assert.ok(
      (await times([...Array.from({ length: 8 }, () => 'silent' as const)])) < 300,
      'dark from the start',
    );
  });

  it('lets one connection a second go at rate 1, 60 in a minute, however many lanes ask', async () => {
    const times = await dispatched(300, { rate: { global: 1 } }, 64);
    for (const minute of [0, 1, 2, 3]) {
      const inMinute = times.filter((at) => at >= minute * 60_000 && at < (minute + 1) * 60_000);
      assert.equal(inMinute.length, 60, `minute ${minute + 1}`);
    }
  });

  it('starts nothing in quiet hours, however long they are, and keeps the rate right after them', async () => {
    // It is 12:00:00 at first; with 40 lanes some hold tokens for times within the quiet hours.
    const quietHours = [{ from: '12:01', to: '15:30' }];
    const times = await dispatched(200, { rate: { global: 1 }, quietHours }, 40);
    const [from, to] = [60_000, 3.5 * 3_600_000];
    assert.deepEqual(
      times.filter((at) => at >= from && at < to),
      [],
    );
    assert.equal(times.filter((at) => at < from).length, 60);
    assert.equal(times.filter((at) => at < to + 60_000).length, 120);
  });

  it('hands out what is due while its source is slow, and ends on abort while it is', async () => {
    const never = (async function* (): AsyncGenerator<readonly ProbeTurn[], void, void> {
      yield [job('10.0.0.1')];
      await new Promise(() => undefined);
    })();
    const config = tlsConfig.parse({});
    const line = new Pacer(never, config.rate, config);
    const stop = new AbortController();
    const first = await line.next(stop.signal);
    const ends = [line.next(stop.signal), line.next(stop.signal)];
    line.add(job('10.0.0.2'));
    const second = await Promise.race(ends);
    assert.deepEqual([first?.target.host, second?.target.host], ['10.0.0.1', '10.0.0.2']);
    const third = line.next(stop.signal);
    stop.abort();
    assert.equal(await third, null);
  });

  it('names networks by /24 and /48', () => {
    assert.equal(networkOf('10.1.2.3'), '10.1.2');
    assert.equal(networkOf('2001:db8:1:2:3::4'), networkOf('2001:db8:1:ffff::9'));
    assert.notEqual(networkOf('2001:db8:1::'), networkOf('2001:db8:2::'));
  });
});

describe('Quiet hours', () => {
  const at = (text: string): Date => new Date(`2026-11-${text}Z`); // 2026-11-23 is a Monday
  const until = (
    periods: readonly { from: string; to: string; days?: string[] }[],
    now: string,
  ): string | null => {
    const config = tlsConfig.parse({ quietHours: periods });
    return quietUntil(config.quietHours, at(now))?.toISOString().slice(5, 16) ?? null;
  };
  const cases: readonly (readonly [
    name: string,
    periods: { from: string; to: string; days?: string[] }[],
    now: string,
    end: string | null,
  ])[] = [
    ['hold from their first minute', [{ from: '08:00', to: '18:00' }], '23T08:00:00', '11-23T18:00'],
    ['do not hold before', [{ from: '08:00', to: '18:00' }], '23T07:59:59', null],
    ['end at their last minute', [{ from: '08:00', to: '18:00' }], '23T18:00:00', null],
    ['reach over midnight', [{ from: '22:00', to: '06:00' }], '23T23:30:00', '11-24T06:00'],
    ['hold after midnight too', [{ from: '22:00', to: '06:00' }], '24T05:59:59', '11-24T06:00'],
    ['keep to their days', [{ from: '22:00', to: '06:00', days: ['mon'] }], '24T23:00:00', null],
    [
      'belong to the day they start on',
      [{ from: '22:00', to: '06:00', days: ['mon'] }],
      '24T03:00:00',
      '11-24T06:00',
    ],
    [
      'that meet count as one',
      [
        { from: '08:00', to: '12:00' },
        { from: '12:00', to: '14:00' },
      ],
      '23T09:00:00',
      '11-23T14:00',
    ],
    [
      'of a whole day end eventually',
      [{ from: '00:00', to: '00:00', days: ['mon'] }],
      '23T09:00:00',
      '11-24T00:00',
    ],
    ['that are none never hold', [], '23T09:00:00', null],
  ];
  for (const [name, periods, now, end] of cases) it(name, () => assert.equal(until(periods, now), end));

  it('without end are found out, not looped on', () => {
    assert.ok(until([{ from: '00:00', to: '00:00' }], '23T09:00:00'));
  });
});
