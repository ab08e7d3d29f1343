import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { createPolicyPreview } from '../../src/service/policy-preview.js';
import { policyConfig } from '../../src/rules/config.js';
import { leafOf, openWorld, serving, weak, type World } from './world.js';

const policyOf = (change: object) => policyConfig.parse({ ownedDomains: ['example.com'], ...change });

describe('a preview of a policy', () => {
  let world: World;
  before(async () => {
    world = await openWorld({ policy: policyOf({}) });
    const observations = [
      serving('weak.example.com', leafOf('weak.example.com', weak)),
      serving('good.example.com', leafOf('good.example.com')),
    ];
    await world.pipeline.take({ kind: 'observations', observations });
    await world.pipeline.drained();
  });
  after(() => world.close());

  const preview = (change: object) => world.preview(policyOf(change), new Date());
  const named = (findings: readonly { readonly rule: string; readonly host: string | null }[]) =>
    findings.map(({ rule, host }) => `${rule} ${host}`).sort();

  it('changes nothing under the policy in force', async () => {
    assert.deepEqual((await preview({})).counts, { opens: 0, closes: 0, changes: 0 });
  });

  it('names what would open', async () => {
    const { opens } = await preview({ approvedIssuers: [{ name: 'Nobody' }] });
    assert.deepEqual(named(opens), [
      'unauthorized-issuer good.example.com',
      'unauthorized-issuer weak.example.com',
    ]);
  });

  it('names what would close, and what would get another severity', async () => {
    const { closes } = await preview({ rules: { 'weak-key': { enabled: false } } });
    assert.deepEqual(named(closes), ['weak-key weak.example.com']);
    const { changes } = await preview({ rules: { 'weak-key': { severity: 'notice' } } });
    assert.deepEqual(
      changes.map(({ before: was, after: is }) => [is.rule, was.severity, is.severity]),
      [['weak-key', 'error', 'notice']],
    );
  });

  it('names what an exception would accept', async () => {
    const line = { names: ['weak.example.com'], reason: 'x', approver: 'y', expires: '2099-01-01' };
    const { changes } = await preview({ exceptions: [{ rules: ['weak-key'], ...line }] });
    assert.deepEqual(
      changes.map(({ before: was, after: is }) => [is.rule, was.state, is.state]),
      [['weak-key', 'open', 'accepted']],
    );
  });

  it('leaves the findings as they are', async () => {
    await preview({ rules: { 'weak-key': { enabled: false } } });
    assert.deepEqual(world.open(), ['weak-key weak.example.com']);
    assert.deepEqual(await world.history('weak-key'), ['weak.example.com open']);
  });

  it('says what is wrong with a policy that is not valid', async () => {
    const answer = await createPolicyPreview(world.preview)({ ownedDomains: ['com'] });
    assert.match(String(answer), /^policy\.ownedDomains\.0: this is a public suffix/);
  });
});
