import assert from 'node:assert/strict';
import { chmodSync, existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { parse } from 'yaml';
import { loadConfig } from '../../src/config/config.js';
import { usualSender, withAnswers, writeChecked, type SetupAnswers } from '../../src/config/setup.js';
import { temporaryFolder } from '../store/sample.js';

const nothing: SetupAnswers = {
  domains: [],
  targets: [],
  ports: null,
  learned: false,
  mail: null,
  webhook: null,
};
const answers: SetupAnswers = {
  domains: ['example.com'],
  targets: ['127.0.0.1'],
  ports: [443, 8443],
  learned: true,
  mail: { host: 'mail.example.com', from: usualSender('ops@example.com'), to: 'ops@example.com' },
  webhook: null,
};

describe('answers of the first run', () => {
  for (const [name, text, kept] of [
    ['nothing', '', /^# Configuration of Certglass/],
    ['comments', '# mine\nstore:\n  dataDir: here # kept\n', /# mine\nstore:\n  dataDir: here # kept/],
    ['a section without a value', 'scan:\nstore:\n  dataDir: here\n', /dataDir: here/],
    ['empty lists', 'scan:\n  groups: []\n  rate: { global: 5 }\n', /rate: { global: 5 }/],
    ['JSON', '{"store": {"dataDir": "here"}, "policy": {"minRsaBits": 3072}}', /"minRsaBits": 3072/],
  ] as const)
    it(`are laid into a file that has ${name}`, () => {
      const written = withAnswers(text, answers);
      assert.match(written, kept);
      const { policy, scan, alerts } = parse(written) as Record<string, Record<string, unknown>>;
      assert.deepEqual(policy?.['ownedDomains'], ['example.com']);
      assert.deepEqual(scan?.['groups'], [
        { name: 'main', targets: ['127.0.0.1'], ports: [443, 8443], schedule: '17 */6 * * *', learned: true },
      ]);
      assert.deepEqual(alerts?.['channels'], [
        { type: 'email', host: 'mail.example.com', from: 'certglass@example.com', to: ['ops@example.com'] },
      ]);
    });

  it('join channels that are there, and leave out what was not answered', () => {
    const written = withAnswers('alerts:\n  channels:\n    - type: stdout\n', {
      ...nothing,
      webhook: 'https://x.example',
    });
    const { alerts, scan } = parse(written) as Record<string, { channels: { type: string }[] }>;
    assert.deepEqual(
      alerts?.channels.map(({ type }) => type),
      ['stdout', 'webhook'],
    );
    assert.equal(scan, undefined);
  });
});

describe('a checked file', () => {
  it('keeps its mode, and what was there before can be put back', () => {
    const file = join(temporaryFolder(), 'certglass.yaml');
    writeFileSync(file, 'log:\n  level: warn\n');
    chmodSync(file, 0o640);
    const undo = writeChecked(file, withAnswers(readFileSync(file, 'utf8'), answers));
    assert.deepEqual(loadConfig(file, {}).policy.ownedDomains, ['example.com']);
    assert.equal(statSync(file).mode & 0o777, 0o640);
    undo();
    assert.equal(readFileSync(file, 'utf8'), 'log:\n  level: warn\n');
  });

  it('is gone again when there was none', () => {
    const file = join(temporaryFolder(), 'certglass.yaml');
    const undo = writeChecked(file, withAnswers('', answers));
    assert.equal(statSync(file).mode & 0o777, 0o600);
    undo();
    assert.ok(!existsSync(file));
  });

  it('is not written when it is not valid', () => {
    const folder = temporaryFolder();
    const file = join(folder, 'certglass.yaml');
    assert.throws(() => writeChecked(file, withAnswers('', { ...nothing, domains: ['co.uk'] })), /public suffix/);
    assert.deepEqual([existsSync(file), existsSync(`${file}.draft`)], [false, false]);
  });
});
