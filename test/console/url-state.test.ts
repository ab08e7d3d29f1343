import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { matchPath } from '../../src/console/lib/route.js';
import { listOf, readState, sent, toggled, writeState } from '../../src/console/lib/url-state.js';

const defaults = { state: 'open', severity: '', cursor: '' };

describe('the state of a view', () => {
  for (const [search, state] of [
    ['', defaults],
    ['?state=resolved', { ...defaults, state: 'resolved' }],
    ['?severity=critical,error&unknown=1', { ...defaults, severity: 'critical,error' }],
    ['?state=', { ...defaults, state: '' }],
    ['?severity=%3Cscript%3E', { ...defaults, severity: '<script>' }],
  ] as const)
    it(`is read from ${search || 'nothing'}`, () => assert.deepEqual(readState(search, defaults), state));

  it('comes back from the URL it was written to', () => {
    for (const severity of ['', 'critical,error', 'a b&c=d#e', '100%', 'ü'])
      for (const state of ['open', '', 'resolved'])
        assert.deepEqual(readState(writeState({ ...defaults, state, severity }, defaults), defaults), {
          ...defaults,
          state,
          severity,
        });
  });

  it('leaves defaults out and keeps commas readable', () => {
    assert.equal(writeState(defaults, defaults), '');
    assert.equal(
      writeState({ ...defaults, severity: 'critical,error' }, defaults),
      '?severity=critical,error',
    );
  });

  it('sends what is not empty', () => {
    assert.deepEqual(sent({ ...defaults, severity: 'error' }), { state: 'open', severity: 'error' });
  });
});

it('adds to a list what is not in it, and removes what is', () => {
  assert.deepEqual(listOf(''), []);
  assert.equal(toggled('', 'error'), 'error');
  assert.equal(toggled('critical,error', 'error'), 'critical');
  assert.equal(toggled('critical', 'error'), 'critical,error');
});

describe('a path', () => {
  for (const [pattern, path, names] of [
    ['/', '/', {}],
    ['/', '/findings', null],
    ['/findings', '/', null],
    ['/findings', '/findings/', {}],
    ['/findings/:id', '/findings/ab12', { id: 'ab12' }],
    ['/findings/:id', '/findings', null],
    ['/endpoints/:key', '/endpoints/a.example%7C%7C443%7C%7C', { key: 'a.example||443||' }],
    ['/names/:domain', '/names/%E0%A4%A', null],
    ['/certificates/compare', '/certificates/compare', {}],
  ] as const)
    it(`${path} ${names === null ? 'is not' : 'is'} ${pattern}`, () =>
      assert.deepEqual(matchPath(pattern, path), names));
});
