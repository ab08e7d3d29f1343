import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { endOf, settle } from '../../src/judging/settle.js';
import { policyConfig } from '../../src/rules/config.js';
import { aSighting } from './samples.js';

const place = { host: 'a.example.com', address: '192.0.2.7', issuer: 'CN=Good CA' };
const signed = { reason: 'replaced in spring', approver: 'alice', expires: '2026-06-01' };

describe('an override of a rule', () => {
  const settled = (line: object, sighting = aSighting()) =>
    settle(policyConfig.parse({ rules: { expired: { overrides: [line] } } }), sighting, place);

  it('changes the severity where it applies', () => {
    assert.equal(settled({ names: ['example.com'], severity: 'notice' })[0]?.severity, 'notice');
    assert.equal(settled({ names: ['example.org'], severity: 'notice' })[0]?.severity, 'error');
  });

  it('switches the rule off for a tag, an environment, a network or an issuer', () => {
    const tagged = aSighting({ tags: ['lab'], environment: 'test' });
    const lines = [
      { tags: ['lab'] },
      { environments: ['test'] },
      { networks: ['192.0.2.0/24'] },
      { issuers: ['good'] },
    ];
    for (const line of lines) assert.deepEqual(settled({ ...line, enabled: false }, tagged), []);
    assert.equal(settled({ tags: ['lab'], enabled: false }).length, 1, 'the tag is not there');
  });

  it('is only about its own rule', () => {
    const other = aSighting({ rule: 'expiring' });
    assert.equal(settled({ names: ['example.com'], enabled: false }, other).length, 1);
  });
});

describe('an exception', () => {
  const exceptionFor = (...lines: readonly object[]) =>
    settle(
      policyConfig.parse({ exceptions: lines.map((line) => ({ rules: ['expired'], ...signed, ...line })) }),
      aSighting(),
      place,
    )[0]?.exception;

  it('covers a finding of its rule in its scope', () => {
    assert.equal(exceptionFor({ names: ['example.com'] })?.approver, 'alice');
    assert.equal(exceptionFor({ names: ['example.com'], rules: ['expiring'] }), null);
    assert.equal(exceptionFor({ names: ['example.org'] }), null);
  });

  it('covers a certificate by its hash', () => {
    assert.equal(exceptionFor({ certificates: ['AB'.repeat(32)] })?.approver, 'alice');
    assert.equal(exceptionFor({ certificates: ['cd'.repeat(32)] }), null);
  });

  it('is the one that ends last', () => {
    const names = ['example.com'];
    assert.equal(exceptionFor({ names }, { names, expires: '2026-07-01' }, { names })?.expires, '2026-07-01');
  });

  it('holds to the end of its last day', () => {
    assert.equal(endOf({ expires: '2026-06-01' }).toISOString(), '2026-06-02T00:00:00.000Z');
  });
});
