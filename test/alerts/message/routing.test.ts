import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { z } from 'zod';
import { routed, routingShape } from '../../../src/alerts/message/routing.js';
import { finding } from '../samples.js';

const config = z.strictObject({ type: z.string(), ...routingShape });
const parse = (parts: object) => config.parse({ type: 'webhook', ...parts });

describe('which findings a channel wants', () => {
  for (const [name, settings, parts, expected] of [
    ['one at the least severity', { minSeverity: 'error' }, { severity: 'error' }, true],
    ['none below it', { minSeverity: 'error' }, { severity: 'warning' }, false],
    ['warnings by default', {}, { severity: 'warning' }, true],
    ['no notices by default', {}, { severity: 'notice' }, false],
    ['a listed rule', { rules: ['expired'] }, { rule: 'expired' }, true],
    ['no unlisted rule', { rules: ['expired'] }, { rule: 'shadow' }, false],
    ['no excepted rule', { exceptRules: ['shadow'] }, { rule: 'shadow' }, false],
    ['resolutions by default', {}, { state: 'resolved' }, true],
    ['no resolutions when told so', { sendResolved: false }, { state: 'resolved' }, false],
    ['nothing that was acknowledged', {}, { state: 'acknowledged' }, false],
    ['nothing that was silenced', {}, { state: 'silenced' }, false],
  ] as const) {
    it(`wants ${name}`, () => {
      assert.equal(routed(parse(settings)).wants(finding(parts)), expected);
    });
  }

  it('is called by its type and name', () => {
    assert.equal(routed(parse({})).name, 'webhook');
    assert.equal(routed(parse({ name: 'oncall' })).name, 'webhook:oncall');
    assert.throws(() => parse({ name: 'On Call' }), /lower-case/);
  });

  it('has its interval in milliseconds', () => {
    assert.equal(routed(parse({ groupIntervalSeconds: 300 })).groupIntervalMs, 300_000);
  });
});
