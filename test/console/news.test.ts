import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Finding } from '../../src/console/api/types.js';
import { newsText, type Heard } from '../../src/console/findings/news.js';
import { defaults, exportPath, filtersOf } from '../../src/console/findings/state.js';

const loadedAt = new Date('2026-12-01T12:00:00Z');
const later = new Date('2026-12-01T12:00:05Z');

function heard(id: string, change: Partial<Finding> = {}, at = later): Heard {
  const finding = {
    id,
    rule: 'expired',
    severity: 'critical',
    title: 'Certificate has expired',
    subject: { kind: 'endpoint', key: 'www.example.com|192.0.2.1|443|' },
    host: 'www.example.com',
    owner: null,
    environment: null,
    assignee: null,
    cause: 'c',
    state: 'open',
    change: 'opened',
    ...change,
  } as Finding;
  return { finding, at };
}

describe('news of a list of findings', () => {
  for (const [name, events, state, text] of [
    ['nothing came', [], {}, null],
    ['two opened', [heard('1'), heard('2')], {}, '2 new'],
    ['one came twice', [heard('1'), heard('1', { change: 'severity-raised' })], {}, '1 new'],
    ['one was resolved', [heard('1', { change: 'resolved', state: 'resolved' })], {}, '1 resolved'],
    ['both', [heard('1'), heard('2', { change: 'resolved', state: 'resolved' })], {}, '1 new, 1 resolved'],
    ['a colleague acknowledged', [heard('1', { change: 'acknowledged', state: 'acknowledged' })], {}, null],
    ['it came before the list', [heard('1', {}, loadedAt)], {}, null],
    ['another severity', [heard('1')], { severity: 'error,warning' }, null],
    ['this severity', [heard('1')], { severity: 'error,critical' }, '1 new'],
    ['another rule', [heard('1')], { rule: 'expiring' }, null],
    ['another kind', [heard('1')], { subjectKind: 'name' }, null],
    ['without an owner', [heard('1')], { owner: 'platform' }, null],
    ['another host', [heard('1')], { host: 'api.example.com' }, null],
    ['part of the host', [heard('1')], { q: 'WWW.ex' }, '1 new'],
    ['another text', [heard('1')], { q: 'grafana' }, null],
    ['another state', [heard('1')], { state: 'resolved' }, null],
  ] as const)
    it(`${name}: ${text ?? 'none'}`, () =>
      assert.equal(newsText(events, { ...defaults, ...state }, loadedAt), text));
});

describe('the state of the list', () => {
  it('is sent without what only the view needs, and without what is empty', () =>
    assert.deepEqual(filtersOf({ ...defaults, severity: 'error', cursor: 'x' }), {
      state: 'open',
      severity: 'error',
    }));

  it('is exported in its order, whole', () =>
    assert.equal(
      exportPath({ ...defaults, q: 'a&b', cursor: 'x' }),
      '/api/v1/findings?state=open&q=a%26b&sort=-severity&format=csv',
    ));
});
