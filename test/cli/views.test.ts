import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { renderRows, sortRows } from '../../src/cli/output.js';
import type { Look } from '../../src/cli/look.js';
import { views, type ViewName } from '../../src/cli/views/index.js';
import type { AnyView } from '../../src/cli/views/view.js';
import { position } from '../store/sample.js';

const now = new Date('2026-11-23T12:00:00Z');
const plain: Look = { width: null, colour: false };

function shown(name: ViewName, rows: readonly object[], look = plain): readonly string[] {
  const { columns, usual, sort }: AnyView = views[name];
  const sorted = sortRows(rows as never[], columns(now), sort);
  return renderRows(sorted, columns(now), usual, { format: 'table', columns: null, sort: null }, look)
    .trimEnd()
    .split('\n');
}

for (const [name, view] of Object.entries(views) as [ViewName, AnyView][])
  it(`${name} shows columns that exist, each named once`, () => {
    const keys = view.columns(now).map(({ key }) => key);
    assert.equal(new Set(keys).size, keys.length);
    for (const key of [...view.usual, ...(view.sort === null ? [] : [view.sort])])
      assert.ok(keys.includes(key), key);
  });

it('heads the logs with what a reader asks: which end is read from, how far behind, how long it still takes', () => {
  const { followerState, updatedAt, ...rest } = position({ etaSeconds: 7_200 });
  assert.ok(followerState);
  const log = { ...rest, updatedAt: updatedAt.toISOString() };
  const [head, newest, oldest] = shown('ct logs', [log, { ...log, cursor: 'backfill' }]);
  assert.match(head ?? '', /^LOG +READS FROM +SIZE +VERIFIED +BEHIND +TIME BEHIND +PER SECOND +TIME LEFT/);
  assert.match(newest ?? '', /^Log A +newest +100 +90 +10 /);
  assert.match(oldest ?? '', /^Log A +oldest /);
  assert.doesNotMatch(newest ?? '', /bG9n/);
});

describe('findings', () => {
  const finding = {
    id: 'f'.repeat(32),
    title: 'shop.example.com expires in 3 days',
    rule: 'expiring',
    host: 'shop.example.com',
    subject: { kind: 'issuance', key: 'x' },
    details: {},
  };
  const group = {
    ...{
      count: 7,
      severity: 'error',
      states: ['open'],
      dueAt: '2026-11-26T00:00:00Z',
      openedAt: '2026-11-23T09:00:00Z',
    },
    ...{ hosts: ['shop.example.com', 'www.example.com'], hostCount: 7, owners: ['web'], finding },
  };

  it('one certificate on seven hosts is one line that says so', () => {
    const [, line, ...rest] = shown('findings', [group]);
    assert.equal(rest.length, 0);
    assert.match(
      line ?? '',
      /^error +shop\.example\.com expires in 3 days +shop\.example\.com \+6 +2026-11-26 +3 hours ago +web/,
    );
  });

  it('the state is said where not all are open', () =>
    assert.match(shown('findings', [{ ...group, states: ['open', 'silenced'] }])[1] ?? '', /open, silenced/));

  it('keep severity, title and place on 80 columns', () => {
    for (const line of shown('findings', [group], { width: 80, colour: false }))
      assert.ok(line.length <= 80, line);
    assert.match(
      shown('findings', [group], { width: 80, colour: false })[1] ?? '',
      /shop\.example\.com expires/,
    );
  });
});

it('certificates come soonest end first, with how often each is served', () => {
  const certificate = (notAfter: string, servedCount: number) => ({
    ...{
      sha256: 'a'.repeat(64),
      subject: 'CN=a',
      issuer: 'CN=CA',
      serialNumber: '1',
      notBefore: null,
      notAfter,
    },
    ...{
      dnsNames: ['a.example'],
      ipAddresses: [],
      servedCount,
      logged: true,
      owner: null,
      worstFinding: null,
    },
  });
  const [, first, second] = shown('certificates', [
    certificate('2027-01-01T00:00:00Z', 0),
    certificate('2026-12-01T00:00:00Z', 7),
  ]);
  assert.match(first ?? '', /^2026-12-01 .*a\.example +7× /);
  assert.match(second ?? '', /^2027-01-01 .*a\.example +no /);
});

it('a scan says how far it is', () => {
  const scan = {
    ...{
      id: 'x',
      name: 'web',
      startedBy: null,
      startedAt: '2026-11-23T11:59:00Z',
      seconds: null,
      targets: 50,
      outcomes: { ok: 40 },
    },
    ...{ finishedAt: null, progress: { done: 50, total: 200, secondsLeft: 90 } },
  };
  assert.match(shown('scans list', [scan])[1] ?? '', /web +running, 25 %, 2 min left +50 +40/);
  assert.match(shown('scans list', [{ ...scan, progress: null }])[1] ?? '', /interrupted/);
});

it('recall is a share', () =>
  assert.match(
    shown('ct recall', [{ operator: 'all', served: 200, seen: 199 }])[1] ?? '',
    /^all +200 +199 +99 %/,
  ));
