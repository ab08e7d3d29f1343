import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { countsOf, factsBeside, headlineOf } from '../../../src/alerts/message/anatomy.js';
import {
  escapeAngles,
  escapeMarkdown,
  withoutFormula,
  withoutMentions,
} from '../../../src/alerts/message/escape.js';
import { limits } from '../../../src/alerts/message/limits.js';
import { plain, writeText } from '../../../src/alerts/message/write.js';
import { finding, findings, message } from '../samples.js';

const well = {
  version: '0.2.0',
  endpoints: 12,
  certificates: 34,
  logs: 2,
  lagSeconds: 40,
  open: { critical: 0, error: 1, warning: 2, notice: 3 },
};

describe('the text of a message', () => {
  it('says what, where, how long, what to do and where to read on', async () => {
    const { headline, body } = writeText(await message([finding()]), limits.email, plain);
    assert.equal(headline, 'CRITICAL: Certificate has expired (www.example.com:443)');
    assert.equal(
      body,
      [
        'Where: www.example.com:443 (192.0.2.1)',
        'Since: 2026-11-23 10:00 UTC',
        'notAfter: 2026-11-01T00:00:00.000Z',
        'daysOver: 22',
        'What to do: Renew it, and reload every server that uses it.',
        `Open in Certglass: https://certglass.example.com/findings/${'f'.repeat(32)}`,
      ].join('\n'),
    );
  });

  it('gives several findings a title each, and a link to all', async () => {
    const { headline, body } = writeText(await message(findings(3)), limits.email, plain);
    assert.equal(headline, '1 critical, 1 error, 1 warning');
    assert.equal(body.split('\n\n').length, 4);
    assert.match(body, /^CRITICAL: Certificate has expired\nWhere: /);
    assert.match(body, /\nAll of them: https:\/\/certglass\.example\.com\/findings/);
  });

  it('names what changed and who said what', async () => {
    const base = await message([finding({ note: 'on it', changedBy: 'ada' })]);
    const alerts = base.alerts.map((alert) => ({
      ...alert,
      change: 'worsened' as const,
      since: ['severity warning -> critical'],
      owner: 'web team',
      tags: ['pci'],
      environment: 'production',
      dueAt: '2026-11-30T00:00:00.000Z',
    }));
    const { headline, body } = writeText({ ...base, alerts }, limits.email, plain);
    assert.match(headline, /^CRITICAL \(worse\): /);
    for (const line of [
      'Due: 2026-11-30 00:00 UTC',
      'Owner: web team',
      'Labels: production, pci',
      'Changed: severity warning -> critical',
      'Note: ada: on it',
    ])
      assert.ok(body.includes(`\n${line}\n`), line);
  });

  it('shows the evidence of a rule instead of its details', async () => {
    const base = await message([finding()]);
    const evidence = [{ label: 'key', value: 'RSA 1024', expected: 'at least 2048', source: 'scan' }];
    const alerts = base.alerts.map((alert) => ({ ...alert, evidence }));
    const { body } = writeText({ ...base, alerts }, limits.email, plain);
    assert.match(body, /\nkey: RSA 1024, expected at least 2048\n/);
    assert.doesNotMatch(body, /daysOver/);
  });

  it('says that all is well, with figures', async () => {
    const summary = await message([], { kind: 'well', well });
    assert.equal(headlineOf(summary), 'Certglass is running, 0 critical and 1 error open');
    const calm = { ...well, open: { ...well.open, error: 0 } };
    assert.equal(headlineOf({ ...summary, well: calm }), 'All is well');
    assert.equal(headlineOf({ ...summary, kind: 'heartbeat' }), 'Certglass is running');
    assert.match(writeText(summary, limits.email, plain).body, /CT logs: 2, at most 40 s behind\n/);
    assert.deepEqual(factsBeside(summary).at(-1), ['Version', well.version]);
  });

  it('counts nothing as no findings', async () => assert.equal(countsOf(await message([])), 'no findings'));
});

describe('escaping', () => {
  for (const [text, escaped] of [
    ['@here and <!channel>', '@\u200bhere and &lt;\u200b!channel&gt;'],
    [
      '*bold* & <https://evil.example/|click>',
      '\u2217bold\u2217 &amp; &lt;https:\u200b//evil.example/|click&gt;',
    ],
  ] as const)
    it(`leaves nothing for Slack to act on in ${text}`, () => assert.equal(escapeAngles(text), escaped));

  for (const [text, escaped] of [
    ['[click](https://evil.example/)', '\\[click\\]\\(https:\u200b//evil.example/\\)'],
    ['**b** `c` ~d~ #e |f| <g> \\', '\\*\\*b\\*\\* \\`c\\` \\~d\\~ \\#e \\|f\\| \\<g\\> \\\\'],
  ] as const)
    it(`leaves no Markdown in ${text}`, () => assert.equal(escapeMarkdown(text), escaped));

  it('breaks mentions and links', () =>
    assert.equal(withoutMentions('@all https://evil.example'), '@\u200ball https:\u200b//evil.example'));

  for (const [text, safe] of [
    ['=1+1', "'=1+1"],
    ['@SUM(A1)', "'@SUM(A1)"],
    ['a=1', 'a=1'],
  ] as const)
    it(`makes no formula of ${text}`, () => assert.equal(withoutFormula(text), safe));
});
