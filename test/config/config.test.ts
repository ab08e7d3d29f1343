import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, it } from 'node:test';
import { configSchema, loadConfig } from '../../src/config/config.js';
import { configReference } from '../../src/config/reference.js';
import { configJsonSchema, exampleConfig } from '../../src/config/docs.js';
import { SettingsError } from '../../src/lib/settings-file.js';

const folder = mkdtempSync(join(tmpdir(), 'certglass-config-'));
after(() => rmSync(folder, { recursive: true }));
const root = join(import.meta.dirname, '..', '..', '..');

function write(text: string): string {
  const file = join(folder, 'certglass.yaml');
  writeFileSync(file, text);
  return file;
}

function faults(text: string, environment: Record<string, string> = {}): readonly string[] {
  try {
    loadConfig(write(text), environment);
  } catch (error) {
    if (error instanceof SettingsError) return error.faults.map((fault) => fault.replace(folder, ''));
    throw error;
  }
  return [];
}

it('has a default for everything', () => {
  const config = loadConfig(null, {});
  assert.deepEqual(config.policy.ownedDomains, []);
  assert.equal(config.policy.minRsaBits, 2048);
});

it('accepts an empty file', () =>
  assert.deepEqual(loadConfig(write('# nothing\n'), {}), loadConfig(null, {})));

it('normalises owned domains to A-labels', () => {
  const config = loadConfig(write('policy:\n  ownedDomains: ["Bücher.example", example.com.]\n'), {});
  assert.deepEqual(config.policy.ownedDomains, ['xn--bcher-kva.example', 'example.com']);
});

for (const [name, text, expected] of [
  [
    'an unknown key, with the near one',
    'policy:\n  ownedDomain: []\n',
    /^\/certglass\.yaml:2: policy\.ownedDomain: unknown key; did you mean ownedDomains\?$/,
  ],
  [
    'roots that are not there',
    'trust:\n  files:\n    - /nowhere/ca.pem\n',
    /^\/certglass\.yaml:3: trust\.files\[?\.?0\]?: .*give the path of a PEM or DER file/,
  ],
  [
    'roots of nobody',
    'trust: { store: none }\n',
    /^\/certglass\.yaml:1: trust\.store: .*nothing would be trusted/,
  ],
  [
    'a log list that no client can fetch',
    'ct:\n  logLists:\n    - { source: "ftp://logs.example/list.json" }\n',
    /^\/certglass\.yaml:3: ct\.logLists.*: .*must be a file, or an http or https URL/,
  ],
  ['an unknown section', 'polcy: {}\n', /^\/certglass\.yaml:1: polcy: unknown key; did you mean policy\?$/],
  [
    'a value of the wrong type',
    'policy:\n\n  minRsaBits: big\n',
    /^\/certglass\.yaml:3: policy\.minRsaBits: expected number, received string; write for example 2048, the default; meaning: Fewest bits/,
  ],
  [
    'a value out of range',
    'policy:\n  minRsaBits: 12\n',
    /^\/certglass\.yaml:2: policy\.minRsaBits: must be at least 512; write for example 2048, the default; meaning: Fewest/,
  ],
  [
    'an impossible combination',
    'policy:\n  expiring:\n    errorDays: 60\n',
    /^\/certglass\.yaml:3: policy\.expiring\.errorDays: the error must not start before the warning: write at most warnDays$/,
  ],
  [
    'what is not a domain',
    'policy:\n  ownedDomains:\n    - example.com\n    - "http://x"\n',
    /^\/certglass\.yaml:4: policy\.ownedDomains\.1: not a domain/,
  ],
  ['YAML that does not parse', 'policy: [\n', /^\/certglass\.yaml:\d+: /],
  ['a key given twice', 'policy: {}\npolicy: {}\n', /^\/certglass\.yaml:2: .*a second time/],
  ['a list at the top', '- a\n', /top level must be/],
  [
    'a variable that is not set',
    'policy:\n  ownedDomains: ["${NOWHERE}"]\n',
    /^\/certglass\.yaml:2: the variable NOWHERE is not set/,
  ],
  [
    'a misspelt rule severity',
    'policy:\n  rules:\n    expired: { severity: bad }\n',
    /^\/certglass\.yaml:3: policy\.rules\.expired\.severity: must be one of notice, warning, error, critical; meaning: Severity/,
  ],
  [
    'a kind of channel that does not exist',
    'alerts:\n  channels:\n    - type: pager\n',
    /:3: alerts\.channels\.0\.type: there is no kind "pager"; write one of email, webhook, slack, /,
  ],
  [
    'a channel without a kind',
    'alerts:\n  channels:\n    - host: x\n',
    /alerts\.channels\.0\.type: is missing; write one of email, webhook, slack, /,
  ],
  [
    'a rule that does not exist, naming those that do',
    'policy:\n  rules:\n    nosuch: {}\n',
    /:3: policy\.rules\.nosuch: unknown key; known keys here: .*expired, .*weak-key/,
  ],
  [
    'a misspelt rule, with the near one',
    'policy:\n  rules:\n    expird: {}\n',
    /policy\.rules\.expird: unknown key; did you mean expired\?$/,
  ],
  [
    'a key that belongs one level deeper',
    'policy:\n  errorDays: 3\n',
    /policy\.errorDays: unknown key; did you mean expiring\.errorDays\?$/,
  ],
  [
    'a time of no known form, without showing a pattern',
    'scan:\n  quietHours: [{ from: "25:00" }]\n',
    /quietHours\.0\.from: is not of the form it must have; write for example "00:00", the default; meaning: Start, HH:MM in UTC\.$/,
  ],
  [
    'a port out of range',
    'api: { port: 65536 }\n',
    /api\.port: must be at most 65535; write for example 8450, the default; meaning: Port/,
  ],
  [
    'an authority that is neither a file nor PEM',
    'alerts: { channels: [{ type: email, from: a@b.example, to: [c@d.example], ca: /nowhere/ca.pem }] }\n',
    /channels\.0\.ca: must be the path of a PEM file, or PEM text; \/nowhere\/ca\.pem cannot be read \(ENOENT\)$/,
  ],
  [
    'an authority without a certificate in it',
    'alerts: { channels: [{ type: webhook, url: "https://a.example", secrets: [], ca: "-----BEGIN X" }] }\n'.replace(
      'secrets: []',
      `secrets: [whsec_${Buffer.alloc(32).toString('base64')}]`,
    ),
    /channels\.0\.ca: holds no certificate that can be read/,
  ],
] as const) {
  it(`refuses ${name}, saying file, line and key`, () => {
    const found = faults(text);
    assert.equal(found.length, 1, found.join('\n'));
    assert.match(found[0]!, expected);
  });
}

it('reports every fault at once', () => {
  assert.equal(faults('policy:\n  minRsaBits: 1\n  minEcBits: 1\n  nope: 1\n').length, 3);
});

it('lays variables over the file and names the variable at fault', () => {
  const file = write('policy:\n  minRsaBits: 3072\n');
  assert.equal(loadConfig(file, { CERTGLASS__POLICY__MIN_RSA_BITS: '4096' }).policy.minRsaBits, 4096);
  assert.deepEqual(
    loadConfig(file, { CERTGLASS__POLICY__OWNED_DOMAINS: '[example.org]' }).policy.ownedDomains,
    ['example.org'],
  );
  assert.match(
    faults('', { CERTGLASS__POLICY__MIN_RSA_BITS: 'x' })[0]!,
    /^CERTGLASS__POLICY__MIN_RSA_BITS: policy\.minRsaBits: expected number/,
  );
  assert.match(
    faults('', { CERTGLASS__POLICY__NOPE: '1' })[0]!,
    /^CERTGLASS__POLICY__NOPE: there is no such key/,
  );
});

it('replaces ${NAME} in values', () => {
  const config = loadConfig(write('policy:\n  ownedDomains: ["${ZONE}.example"]\n'), { ZONE: 'shop' });
  assert.deepEqual(config.policy.ownedDomains, ['shop.example']);
});

it('says so when the file is not there', () => {
  assert.throws(() => loadConfig(join(folder, 'none.yaml'), {}), /none\.yaml: there is no such file; give the path of a YAML file/);
});

it('keeps the example current and valid', () => {
  const file = join(root, 'config', 'certglass.example.yaml');
  assert.equal(readFileSync(file, 'utf8'), exampleConfig(), 'run: npm run config:docs');
  assert.deepEqual(loadConfig(file, {}), loadConfig(null, {}));
});

it('keeps the reference current, with every key under its section and none without a meaning', () => {
  const text = readFileSync(join(root, 'docs', 'configuration.md'), 'utf8');
  assert.equal(text, configReference(), 'run: npm run config:docs');
  assert.doesNotMatch(text, /\| {2}\|$/m);
  for (const section of Object.keys(configSchema.parse({}))) assert.ok(text.includes(`\n## ${section}\n`), section);
  assert.ok(text.includes('| `rate.global` | number'), 'a key inside a section');
  assert.match(text, /### alerts\.channels\[\]: type email\n/);
  assert.match(text, /\| `password` \| secret or null \|/);
  assert.match(text, /\| `from` \| text \| \*required\* \|/);
});

it('keeps the JSON Schema current', () => {
  assert.equal(
    readFileSync(join(root, 'config', 'certglass.schema.json'), 'utf8'),
    configJsonSchema(),
    'run: npm run config:docs',
  );
});

for (const [name, group, expected] of [
  ['a target that cannot be read', 'targets: ["a b"]', /groups\[?\.?0.*"a b" is not a host name/],
  ['a target that is standard input', 'targets: ["-"]', /standard input/],
  ['a schedule that is none', 'schedule: "61 * * * *"', /not a cron expression: 61 is no minute; write five fields, for example "17 4 \* \* \*"/],
] as const) {
  it(`refuses a scan group with ${name}`, () =>
    assert.match(faults(`scan:\n  groups:\n    - {name: a, ${group}}\n`).join(), expected));
}

it('refuses two scan groups of one name', () =>
  assert.match(faults('scan:\n  groups:\n    - {name: a}\n    - {name: a}\n').join(), /named "a" too/));

for (const [key, entry, expected] of [
  ['scope', '10.0.0.0/33', /scan\.scope.*prefix length of "10\.0\.0\.0\/33"/],
  ['scope', 'www.example.com', /scan\.scope.*"www\.example\.com" is not an address, CIDR or range/],
  ['exclude', '10.0.0.9-10.0.0.1', /scan\.exclude.*ends before it starts/],
  ['exclude', '*.exa mple.com', /scan\.exclude.*is not a host name/],
] as const) {
  it(`refuses ${entry} in scan.${key}, with file, line and key`, () => {
    const [fault = ''] = faults(`scan:\n  ${key}:\n    - 10.0.0.1\n    - '${entry}'\n`);
    assert.match(fault, expected);
    assert.match(fault, /:4/);
  });
}

it('refuses learned names where no domain is owned', () => {
  const group = 'scan:\n  groups:\n    - {name: a, learned: true}\n';
  assert.match(faults(group).join(), /groups.*learned.*policy\.ownedDomains/);
  assert.deepEqual(faults(`policy: {ownedDomains: [example.com]}\n${group}`), []);
});
