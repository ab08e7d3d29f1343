import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Takes } from '../../../src/alerts/channel.js';
import { explainAlert } from '../../../src/delivery/routing/explain.js';
import { mismatch } from '../../../src/delivery/routing/match.js';
import { nextReminder, planFor, type HoldReason } from '../../../src/delivery/routing/plan.js';
import type { Finding } from '../../../src/model/finding.js';
import { finding } from '../../alerts/samples.js';
import { routes, settings } from '../samples.js';

const now = new Date('2026-11-23T12:00:00Z');
const themeOf = (rule: string): string => (rule === 'expired' ? 'time' : 'trust');
const labelled = (parts: Partial<Finding>): Finding => ({ ...finding(), ...parts });
const channel = (parts: object = {}, takes: Takes = 'digest') => ({
  name: 'webhook:a',
  takes,
  settings: settings(parts),
});

describe('which findings a channel wants', () => {
  for (const [name, keys, parts, reason] of [
    ['one at the least severity', { minSeverity: 'error' }, { severity: 'error' }, null],
    ['none below it', { minSeverity: 'error' }, { severity: 'warning' }, /warning is below error/],
    ['no notices by default', {}, { severity: 'notice' }, /notice is below warning/],
    ['a listed rule', { rules: ['expired'] }, {}, null],
    ['no unlisted rule', { rules: ['expired'] }, { rule: 'shadow' }, /the rule is not one of expired/],
    ['no excepted rule', { exceptRules: ['shadow'] }, { rule: 'shadow' }, /shadow is excepted/],
    ['a rule of the theme', { themes: ['time'] }, {}, null],
    ['no rule of another theme', { themes: ['time'] }, { rule: 'shadow' }, /theme/],
    ['one of its owner', { owners: ['web'] }, { owner: 'web' }, null],
    ['none without an owner', { owners: ['web'] }, {}, /owner/],
    ['one with a tag', { tags: ['pci', 'dmz'] }, { tags: ['dmz'] }, null],
    ['none without the tag', { tags: ['pci'] }, { tags: ['dmz'] }, /tags pci/],
    ['one of the environment', { environments: ['production'] }, { environment: 'production' }, null],
    ['none of another', { environments: ['production'] }, { environment: 'test' }, /environment/],
    ['a host below a domain', { hosts: ['*.example.com'] }, {}, null],
    ['not the domain itself', { hosts: ['*.example.com'] }, { host: 'example.com' }, /host/],
    ['an exact host', { hosts: ['WWW.example.com'] }, {}, null],
    ['an address in the network', { networks: ['192.0.2.0/24'] }, {}, null],
    ['no address outside of it', { networks: ['10.0.0.0/8', '2001:db8::/32'] }, {}, /address/],
    [
      'nothing without an address',
      { networks: ['10.0.0.0/8'] },
      { subject: { kind: 'self', key: 'store' } },
      /address/,
    ],
    ['one within the hours', { hours: { from: '08:00', to: '18:00' } }, {}, null],
    ['none outside of them', { hours: { from: '18:00', to: '08:00' } }, {}, /hours/],
  ] as const)
    it(`wants ${name}`, () => {
      const found = mismatch(settings(keys), labelled(parts), themeOf, now);
      if (reason === null) assert.equal(found, null);
      else assert.match(found ?? '', reason);
    });
});

describe('what happens with a finding', () => {
  const plan = (
    keys: object,
    parts: Partial<Finding>,
    {
      wasReported = false,
      held = null,
      takes = 'digest',
    }: { wasReported?: boolean; held?: HoldReason | null; takes?: Takes } = {},
  ): string => {
    const made = planFor(
      channel(keys, takes),
      { routes: [], themeOf },
      { finding: labelled(parts), wasReported, held, now },
    );
    return made.do === 'hold' ? `hold ${made.reason} ${made.until.toISOString().slice(0, 16)}` : made.do;
  };
  const resolved = { state: 'resolved', severity: 'error' } as const;
  const night = { quietHours: { from: '10:00', to: '14:00' } };
  const daily = { digest: { at: '08:00' } };
  for (const [name, keys, parts, about, expected] of [
    ['news', {}, {}, {}, 'send'],
    ['the end of what was reported', {}, resolved, { wasReported: true }, 'send'],
    ['the end of what never was', {}, resolved, {}, 'skip'],
    ['the end, where nobody asks for it', { sendResolved: false }, resolved, { wasReported: true }, 'skip'],
    [
      'the end of an incident, asked for or not',
      { sendResolved: false },
      resolved,
      { wasReported: true, takes: 'incident' },
      'send',
    ],
    ['what a person silenced', {}, { state: 'silenced' }, {}, 'skip'],
    ['what a person acknowledged', {}, { state: 'acknowledged' }, { wasReported: true }, 'skip'],
    [
      'an acknowledged incident',
      {},
      { state: 'acknowledged' },
      { wasReported: true, takes: 'incident' },
      'send',
    ],
    ['an acknowledged incident of others', {}, { state: 'acknowledged' }, { takes: 'incident' }, 'skip'],
    ['everything, for a stream', {}, { state: 'silenced' }, { takes: 'stream' }, 'send'],
    ['what a person reopened', {}, { changedBy: 'ada' }, {}, 'skip'],
    ['what got worse', {}, { change: 'severity-raised' }, {}, 'send'],
    ['what got less bad', {}, { change: 'severity-lowered' }, { wasReported: true }, 'skip'],
    [
      'what something worse replaces',
      {},
      { ...resolved, resolution: 'superseded' },
      { wasReported: true },
      'skip',
    ],
    [
      'an incident that something worse replaces',
      {},
      { ...resolved, resolution: 'superseded' },
      { wasReported: true, takes: 'incident' },
      'send',
    ],
    ['an error in quiet hours', night, { severity: 'error' }, {}, 'hold quiet hours 2026-11-23T14:00'],
    ['a critical one in quiet hours', night, { severity: 'critical' }, {}, 'send'],
    [
      'the end of an incident in quiet hours',
      night,
      resolved,
      { wasReported: true, takes: 'incident' },
      'send',
    ],
    [
      'a reminder in quiet hours',
      night,
      { severity: 'error' },
      { held: 'reminder' },
      'hold reminder 2026-11-23T14:00',
    ],
    ['an error for a digest', daily, { severity: 'error' }, {}, 'hold digest 2026-11-24T08:00'],
    ['an error when the digest is due', daily, { severity: 'error' }, { held: 'digest' }, 'send'],
    ['a critical one for a digest', daily, { severity: 'critical' }, {}, 'send'],
    ['an event for a stream with a digest', daily, { severity: 'error' }, { takes: 'stream' }, 'send'],
  ] as const)
    it(`${name}: ${expected}`, () => assert.equal(plan(keys, parts, about), expected));
});

describe('routes', () => {
  const names = ['a', 'b', 'c'];
  const explain = (list: readonly object[], parts: Partial<Finding> = {}) =>
    explainAlert(
      labelled({ openedAt: new Date('2026-11-23T11:00:00Z'), ...parts }),
      [],
      names.map((name) => ({
        name: `webhook:${name}`,
        takes: 'digest',
        settings: settings({ name, minSeverity: 'notice' }),
      })),
      { routes: routes(list, names), themeOf },
      now,
    );
  const alerted = (list: readonly object[], parts: Partial<Finding> = {}): string =>
    explain(list, parts)
      .filter(({ status }) => status !== 'skipped')
      .map(
        ({ channel: name, at }) =>
          `${name.slice(-1)}${at?.getTime() === now.getTime() ? '' : ` ${at?.toISOString().slice(11, 16)}`}`,
      )
      .join(', ');
  const pci = { name: 'pci', tags: ['pci'], channels: ['webhook:a'] };
  const rest = { name: 'rest', channels: ['webhook:b'] };
  for (const [name, list, parts, expected] of [
    ['without routes everybody gets it', [], {}, 'a, b, c'],
    ['the first that matches is the last', [pci, rest], { tags: ['pci'] }, 'a'],
    ['what the first does not match goes on', [pci, rest], {}, 'b'],
    ['all that match, when told so', [{ ...pci, continue: true }, rest], { tags: ['pci'] }, 'a, b'],
    ['nobody, when none matches', [pci], {}, ''],
    ['escalation later', [{ ...rest, escalateTo: ['webhook:c'], escalateAfterHours: 4 }], {}, 'b, c 15:00'],
    [
      'escalation at once when it is late already',
      [{ ...rest, escalateTo: ['webhook:c'], escalateAfterHours: 0.5 }],
      {},
      'b, c',
    ],
    ['by time of day', [{ ...pci, tags: [], hours: { from: '18:00', to: '08:00' } }, rest], {}, 'b'],
  ] as const)
    it(name, () => assert.equal(alerted(list, parts as Partial<Finding>), expected));

  it('explains each channel in a sentence', () => {
    const list = [
      { ...pci, continue: true },
      { ...rest, escalateTo: ['webhook:c'] },
    ];
    assert.deepEqual(
      explain(list).map(({ why }) => why),
      [
        'Not sent: no route leads to this channel.',
        'Sent with the next message: route "rest" matches.',
        'Sent later: route "rest" escalates after 4 hours without acknowledgement.',
      ],
    );
  });
});

describe('reminders', () => {
  const due = { dueAt: new Date('2026-12-23T12:00:00Z') };
  for (const [name, keys, parts, at, expected] of [
    ['none by default', {}, due, now, null],
    ['repeats', { repeatHours: 24 }, {}, now, '2026-11-24T12:00'],
    ['30 days before', { remindDays: [30, 7, 1] }, due, new Date('2026-11-23T11:59:59Z'), '2026-11-23T12:00'],
    ['denser and denser', { remindDays: [30, 7, 1] }, due, now, '2026-12-16T12:00'],
    ['what comes first', { repeatHours: 1, remindDays: [7] }, due, now, '2026-11-23T13:00'],
    ['none after the due date', { remindDays: [7] }, due, new Date('2026-12-24T00:00:00Z'), null],
    ['none without a due date', { remindDays: [7] }, {}, now, null],
  ] as const)
    it(name, () => {
      const next = nextReminder(settings(keys), labelled(parts), at);
      assert.equal(next?.toISOString().slice(0, 16) ?? null, expected);
    });
});
