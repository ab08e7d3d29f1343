import assert from 'node:assert/strict';
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
