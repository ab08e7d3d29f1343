import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Takes } from '../../src/alerts/channel.js';
import { createOutbox } from '../../src/delivery/outbox.js';
import { eventSchema } from '../../src/model/event.js';
import { openStore, type OpenStore } from '../../src/store/index.js';
import { words } from '../alerts/samples.js';
import {
  certificate,
  ctEntry,
  embeddedConfig,
  log,
  minutes,
  observation,
  temporaryFolder,
} from '../store/sample.js';
import { failed, openRouting, scripted } from './samples.js';

const all = ['certificate_discovered', 'certificate_renewed', 'certificate_changed', 'certificate_issued'];

describe('events of the inventory', () => {
  let store: OpenStore;
  let clock = minutes(10);
  before(async () => {
    store = await openStore(embeddedConfig(temporaryFolder()), log);
    const renewed = certificate('renewed', { names: ['shop.web.example.com', 'www.web.example.com'] });
    const first = certificate('first', { names: ['shop.web.example.com'] });
    const other = certificate('other', { names: ['elsewhere.example.net'] });
    const look = (leaf: typeof first, minute: number) =>
      observation('shop.web.example.com', { certificate: leaf, chain: [leaf], observedAt: minutes(minute) });
    await store.writeObservations([
      look(first, 1),
      look(renewed, 2),
      look(renewed, 3),
      look(other, 4),
      look(first, 5),
    ]);
    await store.writeObservations([observation('extra.example.com', { observedAt: minutes(5) })]);
    const [pre, final] = [
      ctEntry('logged.example.com', 1),
      ctEntry('logged.example.com', 2, { seenAt: minutes(6) }),
    ];
    const unwatched = ctEntry('any.example.org', 3, {
      matches: [{ watch: 'all', item: '', value: '', reason: null }],
    });
    await store.writeCtEntries([pre, final, unwatched]);
  });
  after(() => store.close());

  function open(name: string, keys: object, takes: Takes = 'stream', eventsPerMessage: number | null = 500) {
    const channel = Object.assign(scripted(name, keys, takes), { eventsPerMessage });
    const outbox = createOutbox({
      store,
      channel,
      routing: openRouting,
      words,
      now: () => clock,
      onOutcome: async () => undefined,
      log,
      signal: new AbortController().signal,
    });
    const later = async (minutesMore: number): Promise<void> => {
      clock = new Date(clock.getTime() + minutesMore * 60_000);
      await outbox.flush();
    };
    const events = () => channel.messages.flatMap(({ inventory }) => inventory?.events ?? []);
    return { channel, outbox, later, events };
  }

  it('are each sent once, whatever happens to certificates again, and valid by the schema', async () => {
    const { later, events, outbox } = open('syslog:all', { events: all });
    await later(0);
    assert.deepEqual(
      events().map(({ event_type, certificate_subject, previous_certificate_sha256: before, source }) => [
        event_type,
        certificate_subject,
        before?.slice(0, 8) ?? null,
        source,
      ]),
      [
        ['certificate_discovered', 'CN=first', null, 'scan'],
        ['certificate_renewed', 'CN=renewed', certificate('first').sha256.slice(0, 8), 'scan'],
        ['certificate_changed', 'CN=other', certificate('renewed').sha256.slice(0, 8), 'scan'],
        ['certificate_discovered', 'CN=extra.example.com', null, 'scan'],
        ['certificate_issued', 'CN=logged.example.com', null, 'ct'],
      ],
    );
    for (const event of events()) assert.equal(eventSchema.safeParse(event).error, undefined);
    const [first] = events();
    assert.equal(first?.owner, 'web');
    assert.deepEqual(first.target_systems, ['shop.web.example.com:443']);
    assert.equal(
      first.message,
      'shop.web.example.com:443 presents a certificate for shop.web.example.com, issued by CN=Test CA, valid until 2027-01-31',
    );
    assert.equal(outbox.nextAttemptAt()?.getTime(), clock.getTime() + 60_000);
    await later(1);
    await later(61);
    assert.equal(events().length, 5, 'nothing twice');
  });

  it('keep their ids over restarts and tries', async () => {
    const { later, channel } = open('syslog:retried', { events: ['certificate_issued'] });
    channel.answers = [failed, failed];
    for (let turn = 0; turn < 4; turn += 1) await later(1);
    assert.equal(channel.messages.length, 3);
    assert.equal(new Set(channel.messages.map((message) => JSON.stringify(message))).size, 1);
    const again = open('syslog:retried', { events: ['certificate_issued'] });
    await again.later(1);
    assert.equal(again.channel.messages.length, 0, 'what was sent before a restart is not sent again');
  });

  for (const [name, keys, expected] of [
    ['hosts', { hosts: ['extra.example.com'] }, ['CN=extra.example.com']],
    ['owners', { owners: ['web'] }, ['CN=first', 'CN=renewed', 'CN=other']],
    ['names of logged certificates', { hosts: ['logged.example.com'] }, ['CN=logged.example.com']],
    ['networks', { networks: ['203.0.113.0/24'] }, []],
    [
      'types',
      { events: ['certificate_renewed'], rules: ['expired'], minSeverity: 'critical' },
      ['CN=renewed'],
    ],
  ] as const)
    it(`are selected by ${name}`, async () => {
      const { later, events } = open(`syslog:${name.replaceAll(' ', '-')}`, { events: all, ...keys });
      await later(1);
      assert.deepEqual(
        events().map(({ certificate_subject }) => certificate_subject),
        expected,
      );
    });

  it('come in messages of the size that the receiver takes', async () => {
    const { later, channel } = open('webhook:sized', { events: all }, 'digest', 2);
    await later(1);
    assert.deepEqual(
      channel.messages.map(({ inventory }) => inventory?.events.length),
      [2, 2, 1],
    );
  });

  it('come to people as one message, outside of quiet hours', async () => {
    const quietHours = { from: '00:00', to: '00:00' };
    const quiet = open('slack:quiet', { events: all, quietHours }, 'digest', null);
    await quiet.later(1);
    assert.equal(quiet.channel.messages.length, 0);
    const { later, channel } = open('slack:people', { events: all }, 'digest', null);
    await later(1);
    const [message, ...others] = channel.messages;
    assert.equal(others.length, 0);
    assert.deepEqual([message?.kind, message?.inventory?.total], ['events', 5]);
  });

  it('are not missed when they come late out of a spool', async () => {
    const { later, events } = open('syslog:late', { events: all });
    await later(1);
    await store.writeObservations([observation('late.example.com', { observedAt: minutes(-7 * 24 * 60) })]);
    await later(1);
    assert.equal(events().length, 5);
    await later(60);
    assert.equal(events().at(-1)?.certificate_subject, 'CN=late.example.com');
  });
});
