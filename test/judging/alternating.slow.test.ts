import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { createOutbox, type Outbox } from '../../src/delivery/outbox.js';
import { createDoubts, type Doubts } from '../../src/judging/doubts.js';
import { createEvaluator, type Evaluator } from '../../src/judging/evaluate.js';
import { openLedger } from '../../src/judging/finding-ledger.js';
import { createGrader, type Served } from '../../src/judging/grade.js';
import { createInstants } from '../../src/judging/instants.js';
import type { Certificate } from '../../src/model/certificate.js';
import { endpointKey } from '../../src/model/target.js';
import { expired } from '../../src/rules/time/expired.js';
import { servedInputs } from '../../src/rules/judge.js';
import { alertWaits } from '../../src/service/alert-waits.js';
import { openStore, type OpenStore } from '../../src/store/index.js';
import { openRouting, scripted } from '../delivery/samples.js';
import { words } from '../alerts/samples.js';
import { aCertificate, anObservation, aPolicy } from '../rules/support.js';
import { embeddedConfig, log, temporaryFolder } from '../store/sample.js';
import { seeded } from '../support/collect.js';

const minuteMs = 60_000;
const start = Date.parse('2026-11-23T12:00:00Z');
const at = (minute: number): Date => new Date(start + minute * minuteMs);
const good = aCertificate({ sha256: 'aa'.repeat(32), notAfter: at(100 * 1440) });
const bad = aCertificate({ sha256: 'bb'.repeat(32), notAfter: at(-60) });

/** Which certificate one of the machines shows at a minute. */
type Machine = (minute: number) => Certificate;
const always =
  (certificate: Certificate): Machine =>
  () =>
    certificate;
const until =
  (minute: number): Machine =>
  (now) =>
    now < minute ? bad : good;

describe('an address with several machines behind it', () => {
  let store: OpenStore;
  before(async () => (store = await openStore(embeddedConfig(temporaryFolder()), log)));
  after(() => store.close());
  let number = 0;

  /** What a channel was sent when the address was probed every minute: `minute state`, and the revisions of the finding. */
  async function watched(
    machines: readonly Machine[],
    minutes: number,
    pick: (minute: number) => number,
    change: Parameters<typeof aPolicy>[0] = {},
  ): Promise<{ sent: string[]; revisions: number; doubts: Doubts }> {
    number += 1;
    const host = `host-${number}.example.com`;
    const policy = aPolicy(change);
    const history: { at: Date; certificate: Certificate }[] = [];
    const target = { host, address: '192.0.2.1', port: 443, serverName: host, starttls: null };
    const key = endpointKey(target);
    const ledger = await openLedger(store);
    const doubts = createDoubts(policy, () => undefined);
    const channel = scripted(`webhook:${host}`);
    let now = at(0);
    const served = (certificate: Certificate, observedAt: Date): Served => {
      const observation = anObservation({ target, certificate, chain: [certificate], observedAt });
      const validate = (): null => null;
      return {
        key,
        observation,
        inputs: servedInputs(observation, { policy, now, validate, inventory: () => null }),
      };
    };
    const grade = createGrader(policy, [expired]);
    const evaluator: Evaluator = createEvaluator({
      inputs: {
        inventory: () => Promise.resolve({ isWhole: true, sources: [] }),
        unsettledRules: () => [],
        issuances: () => Promise.resolve({ found: [], lately: new Map(), absent: new Map() }),
        recent: () =>
          Promise.resolve(
            new Map([
              [
                key,
                [good, bad].flatMap((certificate) => {
                  const seenAt = history
                    .filter((one) => one.certificate === certificate)
                    .map((one) => one.at);
                  return seenAt.length === 0
                    ? []
                    : [{ served: served(certificate, seenAt.at(-1) ?? now), seenAt: seenAt.toReversed() }];
                }),
              ],
            ]),
          ),
      } as never,
      ledger,
      rules: [expired],
      grade,
      instants: createInstants(policy, [expired]),
      policy,
      doubts,
      store: {
        judging: { judged: () => Promise.resolve(new Map()) } as never,
        writeJudged: () => Promise.resolve(),
      },
    });
    const outbox: Outbox = createOutbox({
      store,
      channel,
      routing: openRouting,
      words,
      waits: alertWaits(doubts, ledger.open),
      now: () => now,
      onOutcome: () => Promise.resolve(),
      log,
      signal: new AbortController().signal,
    });
    let revisions = 0;
    const sent: string[] = [];
    for (let minute = 0; minute < minutes; minute += 1) {
      now = at(minute);
      const certificate = machines[pick(minute) % machines.length]?.(minute) ?? good;
      history.push({ at: now, certificate });
      if (history.length > 500) history.shift();
      const one = { ...served(certificate, now), forgottenAt: at(10 * minutes) };
      const changed = await evaluator.served([key], { served: [one], absent: new Map() }, now);
      revisions += changed.length;
      // As the service does: when a finding changed, and when a second probe confirmed one.
      if (changed.length > 0 || minute < 60) await outbox.flush();
      for (const { alerts } of channel.messages.splice(0))
        sent.push(...alerts.flatMap((alert) => (alert.host === host ? [`${minute} ${alert.state}`] : [])));
    }
    return { sent, revisions, doubts };
  }

  const six = [until(720), until(1080), ...Array.from({ length: 4 }, () => always(good))];

  it('is one alert and one resolution when two of six serve an expired certificate, in turns', async () => {
    // The last of them shows it at minute 1075 for the last time; 60 minutes later it counts as gone.
    const { sent, revisions } = await watched(six, 1440, (minute) => minute);
    assert.deepEqual(sent, ['1 open', '1135 resolved']);
    assert.equal(revisions, 2);
  });

  it('is the same when they answer at random', async () => {
    const random = seeded(1);
    const { sent, revisions } = await watched(six, 1440, () => Math.floor(random() * 6));
    assert.deepEqual(
      sent.map((one) => one.split(' ')[1]),
      ['open', 'resolved'],
    );
    assert.ok(Number(sent[1]?.split(' ')[0]) >= 1080, sent.join());
    assert.equal(revisions, 2);
  });

  it('is one steady finding when every other probe shows it', async () => {
    const { sent, revisions } = await watched([always(bad), always(good)], 300, (minute) => minute);
    assert.deepEqual(sent, ['2 open']);
    assert.equal(revisions, 1);
  });

  it('is never alerted of what one probe alone has shown', async () => {
    const { sent } = await watched([until(1)], 300, () => 0);
    assert.deepEqual(sent, []);
  });

  it('is resolved after ten probes where the certificate was replaced on the only machine', async () => {
    const { sent } = await watched([until(20)], 60, () => 0);
    assert.deepEqual(sent, ['1 open', '29 resolved']);
  });

  it('follows the policy', async () => {
    const quick = { resolveAfterProbes: 3, resolveAfterMinutes: 0, confirmAfterSeconds: 0 };
    const { sent } = await watched([until(20)], 40, () => 0, quick);
    assert.deepEqual(sent, ['0 open', '22 resolved']);
  });

  it('names the endpoint as one to be probed again while it is in doubt', async () => {
    const one = await watched([until(20)], 21, () => 0);
    assert.equal(one.doubts.due(at(21), 10).length, 1);
    const settled = await watched([until(20)], 40, () => 0);
    assert.deepEqual(settled.doubts.due(at(41), 10), []);
  });
});
