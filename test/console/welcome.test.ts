import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { answersOf, blank, refusalsOf } from '../../src/console/welcome/answers.js';

describe('what was typed on the first page', () => {
  for (const [name, form, expected] of [
    ['nothing', {}, { domains: [], targets: [], ports: [443, 8443], mail: null }],
    [
      'lists in any form',
      { domains: ' example.com,example.net\nexample.org ', targets: '192.0.2.0/24' },
      { domains: ['example.com', 'example.net', 'example.org'], targets: ['192.0.2.0/24'] },
    ],
    ['no ports', { ports: '' }, { ports: null }],
    ['ports that are none', { ports: '443 0 x 70000 8.5' }, { ports: [443] }],
    [
      'a mail address',
      { mailTo: ' ops@example.com ', mailHost: '' },
      { mail: { to: 'ops@example.com', host: 'localhost', from: null } },
    ],
  ] as const)
    it(`is read: ${name}`, () =>
      assert.deepEqual(
        { ...answersOf({ ...blank, ...form }), ...expected },
        answersOf({ ...blank, ...form }),
      ));
});

describe('refusals of the first page', () => {
  const target = (name: string, refusal: string | null) =>
    ({ target: name, kind: 'host', endpoints: 1, refusal }) as const;

  it('are none where everything can be taken', () =>
    assert.deepEqual(
      refusalsOf({ domains: [{ domain: 'example.com', refusal: null }], targets: [target('a', null)] }),
      { any: false, domains: null, targets: null },
    ));

  it('name the first and count the others', () =>
    assert.deepEqual(
      refusalsOf({
        domains: [{ domain: 'co.uk', refusal: 'a public suffix' }],
        targets: [target('x', 'bad'), target('ok', null), target('y', 'bad')],
      }),
      { any: true, domains: 'co.uk: a public suffix.', targets: 'x: bad; 1 more.' },
    ));
});
