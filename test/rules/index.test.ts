import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { it } from 'node:test';
import { severities } from '../../src/model/severity.js';
import { rules } from '../../src/rules/index.js';

for (const { id, title, severity, citation, remediation, kind } of rules) {
  it(`${id} says what it is, on what it rests and what to do`, () => {
    assert.match(id, /^[a-z0-9]+(-[a-z0-9]+)*$/);
    assert.match(title, /^[A-Z].{5,60}[^.]$/);
    assert.ok(severities.includes(severity));
    assert.match(remediation, /^[A-Z].{20,200}\.$/s);
    assert.ok(citation.length >= 10);
    if (kind !== 'incident')
      assert.match(citation, /RFC \d+|X\.690|Baseline Requirements|PCI DSS|NIST|certbot/, 'names its source');
  });
}

it('gives every rule an id of its own', () => {
  assert.equal(new Set(rules.map(({ id }) => id)).size, rules.length);
});

/** Their answers change at the notBefore or notAfter of a certificate of the chain, where everything is judged again. */
const byDatesOfTheChain = ['expired', 'not-yet-valid', 'untrusted-chain'];

it('lets no rule depend on the time without saying until when its answer stands', () => {
  const folder = resolve(import.meta.dirname, '../../../src/rules');
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.ts'),
  );
  for (const rule of rules) {
    if (rule.kind !== 'certificate' && rule.kind !== 'endpoint') continue;
    const file = files.find((name) => basename(name) === `${rule.id}.ts`);
    assert.ok(file !== undefined, rule.id);
    const code = readFileSync(join(folder, file), 'utf8').replaceAll(/\/\*\*[^]*?\*\//g, '');
    if (!/\bnow\b/.test(code.replaceAll(/'[^'\n]*'/g, '')) || byDatesOfTheChain.includes(rule.id)) continue;
    assert.ok(rule.standsUntil !== undefined, `${rule.id} reads now and has no standsUntil`);
  }
});
