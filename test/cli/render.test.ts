import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { InspectResult } from '../../src/model/inspect-line.js';
import { stripVTControlCharacters } from 'node:util';
import { lookOf, type Look } from '../../src/cli/look.js';
import { renderInspect } from '../../src/cli/render-inspect.js';
import { renderRows } from '../../src/cli/output.js';
import { renderRules } from '../../src/cli/render-rules.js';
import type { Wire } from '../../src/cli/views/findings.js';
import { views, type ViewName } from '../../src/cli/views/index.js';
import { createScanReport } from '../../src/cli/render-scan.js';
import { verdictTexts, dayText, relative, whenText } from '../../src/cli/render-text.js';
import { detailsText } from '../../src/lib/details-text.js';
import { displayWidth } from '../../src/lib/display-width.js';
import type { Finding } from '../../src/model/finding.js';
import type { Observation, Verdict } from '../../src/model/observation.js';
import type { SurveyFacts } from '../../src/model/survey.js';
import { rules } from '../../src/rules/index.js';
import type { EndpointState } from '../../src/model/endpoint-state.js';
import { freshFields } from '../support/finding-fields.js';
import { aCertificate, anObservation, aSurvey, aValidation, later, now } from '../rules/support.js';

const narrow: Look = { width: 80, colour: false };
const wide: Look = { width: null, colour: false };
const coloured: Look = { width: 80, colour: true };

function view(name: ViewName, rows: readonly object[], look: Look): string {
  const { columns, usual } = views[name];
  const asked = { format: 'table', columns: null, sort: null } as const;
  return renderRows(rows as never[], columns(now) as never, usual, asked, look);
}

/** Texts a certificate may hold to steer a terminal: escape sequences, C1 controls, bidi, line ends, wide letters. */
const hostileTexts = [
  '\u001b[2J\u001b]0;owned\u0007',
  '\u009b31m',
  'a\r\nroot: ok',
  '\u202egnp.exe',
  '日本語'.repeat(200),
  'x'.repeat(100_000),
  '\0\b\u007f',
  '\u2028\u2029\ufeff\u200d',
];

const expired: Verdict = {
  rule: 'expired',
  severity: 'critical',
  title: 'Certificate has expired',
  details: { notAfter: '2026-11-20T12:00:00.000Z', daysAgo: 3 },
};
const shadow: Verdict = { rule: 'shadow', severity: 'warning', title: 'In no inventory', details: {} };

function hostileObservation(text: string): Observation {
  const certificate = aCertificate({ dnsNames: [text], subject: text, issuer: text, sha256: text });
  const target = { host: text, address: text, port: 443, serverName: text, starttls: null };
  return anObservation({ certificate, target, detail: text });
}

function hostileSurvey(text: string): SurveyFacts {
  return aSurvey({
    versions: [{ version: text, cipherSuites: [text, text], preference: 'server' }],
    groups: [text],
    clientAuthorities: [text],
    alternates: [{ asked: 'RSA', chain: [aCertificate({ subject: text, dnsNames: [text] })] }],
    jarm: text,
    ja3s: text,
    incomplete: text,
  });
}

function hostileFinding(text: string): Wire<Finding> {
  return {
    id: 'ab'.repeat(16),
    rule: 'expired',
    severity: 'critical',
    title: text,
    subject: { kind: 'endpoint', key: text },
    details: { [text]: [text] },
    host: text,
    certificateSha256: text,
    ...freshFields(now),
    firstSeenAt: now.toISOString(),
    openedAt: now.toISOString(),
    lastSeenAt: now.toISOString(),
    owner: text,
    assignee: text,
    ticket: text,
    changedBy: text,
    note: text,
  };
}

function anEndpoint(text: string): Wire<EndpointState> {
  return {
    key: text,
    target: { host: text, address: text, port: 443, serverName: null, starttls: null },
    firstSeenAt: now.toISOString(),
    lastObservedAt: now.toISOString(),
    lastOutcome: 'ok',
    lastDetail: text,
    lastOkAt: null,
    chain: [text],
    tls: null,
  };
}

function endpointRow(text: string): object {
  const leaf = { subject: text, issuer: text, notBefore: text, notAfter: text, names: [text] };
  return { ...anEndpoint(text), leaf, worstFinding: { id: text, rule: text, severity: text } };
}

function renderEverything(text: string, look: Look): string {
  const report = createScanReport();
  const verdict = { ...expired, title: text, details: { [text]: text, list: [text] } };
  report.add({ ...hostileObservation(text), survey: hostileSurvey(text) }, [verdict]);
  report.add({ ...hostileObservation(text), certificate: null, outcome: 'alert' }, []);
  const certificate = aCertificate({ subject: text, issuer: text, dnsNames: [text], serialNumber: text });
  const error = { code: text, message: text, section: text };
  const validation = { ...aValidation({ verdict: 'invalid', errors: [error] }), rootStore: text };
  return [
    report.render(look, now),
    renderInspect(
      { file: text, certificate, validation, verdicts: [verdict], isHelper: false, ...hostileEvidence(text) },
      look,
      now,
    ),
    view('findings --each', [hostileFinding(text)], look),
    view('certificates', [{ ...certificate, notAfter: text, serialNumber: text, notBefore: text }], look),
    view('endpoints', [endpointRow(text)], look),
  ].join('');
}

function hostileEvidence(text: string): Pick<InspectResult, 'transparency' | 'ocsp' | 'revocation'> {
  const sct = { source: text, logId: text, log: text, operator: text, timestamp: text, verdict: text };
  const policy = { policy: text, compliant: false, requiredScts: 2, countedScts: 0, reasons: [text] };
  const times = { revokedAt: text, thisUpdate: text, nextUpdate: text };
  return {
    transparency: { scts: [sct], problems: [text], policies: [policy] },
    ocsp: { status: 'revoked', reason: text, revocationReason: text, signer: null, ...times },
    revocation: {
      question: 'revocation',
      key: text,
      since: now,
      checkedAt: now,
      detail: text,
      outcome: 'revoked',
      reason: text,
      revokedAt: now,
      method: 'crl',
      source: text,
      thisUpdate: now,
      nextUpdate: now,
    },
  };
}

for (const text of hostileTexts) {
  it(`shows ${JSON.stringify(text.slice(0, 24))} escaped and within 80 columns`, () => {
    for (const look of [narrow, coloured, wide]) {
      const output = renderEverything(text, look);
      const plain = look.colour ? output.replaceAll(/\u001b\[\d+m/g, '') : output;
      assert.doesNotMatch(plain, /[^\P{Cc}\n]|[\p{Cf}\p{Zl}\p{Zp}]/u);
      for (const line of plain.split('\n')) {
        const limit = look.width ?? 20_000;
        assert.ok(displayWidth(line) <= limit, `${displayWidth(line)} columns: ${line.slice(0, 200)}`);
      }
    }
  });
}

it('shows a scan as a table with the findings below each endpoint, and sums up', () => {
  const report = createScanReport();
  report.add(anObservation({ certificate: aCertificate({ notAfter: later(-3) }) }), [shadow, expired]);
  report.add(anObservation(), []);
  report.add(anObservation({ certificate: null, outcome: 'refused', detail: 'ECONNREFUSED' }), []);
  assert.deepEqual(report.render({ width: 120, colour: false }, now).split('\n'), [
    'ENDPOINT              ADDRESS    NAMES            EXPIRES     WHEN        ISSUER                TLS',
    'www.example.com:8443  127.0.0.1  www.example.com  2026-11-20  3 days ago  CN=R3,O=Good CA,C=NL  TLSv1.3',
    '  critical  Certificate has expired: notAfter 2026-11-20T12:00:00.000Z, daysAgo 3 [expired]',
    '  warning   In no inventory [shadow]',
    'www.example.com:8443  127.0.0.1  www.example.com  2027-01-07  in 45 days  CN=R3,O=Good CA,C=NL  TLSv1.3',
    '',
    'NO CERTIFICATE        ADDRESS    OUTCOME  DETAIL',
    'www.example.com:8443  127.0.0.1  refused  ECONNREFUSED',
    '',
    '3 endpoints: 2 with a certificate, 1 refused. 1 critical, 1 warning',
    'not probed for: obsolete protocol versions, weak cipher suites, key-exchange groups, certificates for other key types',
    '(--depth survey does)',
    '',
  ]);
});

it('keeps dates whole on 80 columns', () => {
  const report = createScanReport();
  report.add(
    anObservation({ target: { ...anObservation().target, host: `${'long-name-'.repeat(6)}.example.com` } }),
    [],
  );
  const [heading, row = ''] = report.render(narrow, now).split('\n');
  assert.match(heading ?? '', /^ENDPOINT +ADDRESS +NAMES +EXPIRES +WHEN$/);
  assert.match(row, /^long-name-.*… +127\.0\.0\.1 +www\.example\.com +2027-01-07 +in 45 days$/);
});

it('counts failures instead of listing them when there are many, and keeps memory flat', () => {
  const report = createScanReport(10, 5);
  for (let index = 0; index < 1000; index += 1)
    report.add(anObservation({ certificate: null, outcome: index % 10 === 0 ? 'timeout' : 'refused' }), []);
  for (let index = 0; index < 30; index += 1) report.add(anObservation(), index === 29 ? [expired] : []);
  const output = report.render(narrow, now);
  assert.doesNotMatch(output, /NO CERTIFICATE/);
  assert.match(
    output,
    /critical {2}Certificate has expired/,
    'the one with a finding is shown though it came last',
  );
  assert.match(output, /\.\.\. and 20 certificates more/);
  assert.match(output, /1,030 endpoints: 30 with a certificate, 900 refused, 100 timeout\. 1 critical/);
});

it('says so when there is nothing to say', () => {
  const report = createScanReport();
  assert.equal(report.render(narrow, now), '0 endpoints: 0 with a certificate. no findings\n');
  assert.equal(view('findings --each', [], narrow), '');
});

it('drops optional columns on a narrow terminal and keeps the others', () => {
  const [forty = ''] = renderRules(rules, { width: 60, colour: false }).split('\n');
  assert.match(forty, /RULE +SEVERITY +TITLE$/);
  const [all = ''] = renderRules(rules, { width: 120, colour: false }).split('\n');
  assert.match(all, /RULE +SEVERITY +TITLE +CITATION$/);
});

it('lists every rule', () => {
  const lines = renderRules(rules, wide).trimEnd().split('\n');
  assert.equal(lines.length, rules.length + 1);
  for (const { id } of rules) assert.ok(lines.some((line) => line.startsWith(`${id} `)));
});

it('shows one inspected certificate as a block', () => {
  const certificate = aCertificate({
    isCa: true,
    serialNumber: 'a1b',
    dnsNames: Array.from({ length: 12 }, (_, i) => `${i}.example.com`),
  });
  const validation = { ...aValidation(), rootStore: 'operator' };
  const output = renderInspect(
    {
      file: 'server.pem',
      certificate,
      validation,
      verdicts: [],
      isHelper: false,
      transparency: null,
      ocsp: null,
      revocation: null,
    },
    wide,
    now,
  );
  assert.match(output, /^server\.pem\n {2}subject {4}CN=www\.example\.com\n/);
  assert.match(output, /names +0\.example\.com, .*9\.example\.com and 2 more names\n/);
  assert.match(output, /not after +2027-01-07, in 45 days\n/);
  assert.match(output, /serial +0a1b\n/);
  assert.match(output, /key +EC P-256\n/);
  assert.match(output, /path +valid against operator\n/);
  assert.match(output, /no findings\n$/);
});

it('colours severities on a colour terminal and says the same without colour', () => {
  const plain = renderEverything('www.example.com', narrow);
  const painted = renderEverything('www.example.com', coloured);
  assert.match(painted, /\u001b\[35m {2}critical/);
  assert.doesNotMatch(plain, /\u001b/);
  assert.equal(stripVTControlCharacters(painted), plain);
});

it('writes colour only to a terminal, and not where NO_COLOR or TERM=dumb forbid it', () => {
  const terminal = { isTTY: true, columns: 120 };
  assert.deepEqual(lookOf(terminal, {}), { width: 120, colour: true });
  assert.deepEqual(lookOf(terminal, { NO_COLOR: '1' }), { width: 120, colour: false });
  assert.deepEqual(lookOf(terminal, { NO_COLOR: '' }), { width: 120, colour: true });
  assert.deepEqual(lookOf(terminal, { TERM: 'dumb' }), { width: 120, colour: false });
  assert.deepEqual(lookOf({}, {}), { width: null, colour: false });
  assert.deepEqual(lookOf({}, { CLICOLOR_FORCE: '1', COLUMNS: '140' }), { width: 140, colour: true });
  assert.deepEqual(lookOf({}, { CLICOLOR_FORCE: '1', NO_COLOR: '1' }), { width: 80, colour: false });
  assert.deepEqual(lookOf({ isTTY: true }, {}), { width: 80, colour: true });
  assert.deepEqual(lookOf({ isTTY: true, columns: 3 }, {}), { width: 40, colour: true });
});

it('tells distances in the largest fitting unit, rounded down', () => {
  assert.equal(relative(later(45), now), 'in 45 days');
  assert.equal(relative(later(-3), now), '3 days ago');
  assert.equal(relative(later(2), now), 'in 48 hours');
  assert.equal(relative(later(0, 60_000), now), 'in 1 minute');
  assert.equal(relative(later(0, 59_999), now), 'now');
  assert.equal(relative(later(-0.5), now), '12 hours ago');
});

it('shows a date that could not be read as unknown', () => {
  for (const date of [null, new Date(NaN)])
    assert.deepEqual([dayText(date), whenText(date, now)], ['unknown', '']);
  const end = new Date('9999-12-31T23:59:59Z');
  assert.deepEqual([dayText(end), whenText(end, now)], ['9999-12-31', 'in 2,912,116 days']);
});

it('puts the most severe first', () => {
  assert.deepEqual(
    verdictTexts([shadow, expired, { ...shadow, severity: 'error' }]).map(({ severity }) => severity),
    ['critical', 'error', 'warning'],
  );
});

it('writes details for people: lists, problems and nested values', () => {
  const problem = { code: 'zero-serial', message: 'the serial number is zero' };
  for (const [details, text] of [
    [{ daysAgo: 3, empty: [], nothing: null, ok: false }, 'daysAgo 3, ok false'],
    [{ names: ['a', 'b'] }, 'names [a, b]'],
    [
      { problems: [problem, { ...problem, names: ['a'] }] },
      'problems [zero-serial: the serial number is zero; zero-serial: the serial number is zero, names [a]]',
    ],
    [
      { certificates: [{ position: 0, subject: 'CN=a' }, '... and 3 more'] },
      'certificates [position 0, subject CN=a; ... and 3 more]',
    ],
  ] as const)
    assert.equal(detailsText(details), text);
});

it('breaks a long summary at 80 columns', () => {
  const report = createScanReport();
  const outcomes = ['refused', 'timeout', 'reset', 'alert', 'not-tls', 'unresolved'] as const;
  for (const outcome of outcomes)
    for (let index = 0; index < 5; index += 1) report.add(anObservation({ certificate: null, outcome }), []);
  const lines = report.render(coloured, now).trimEnd().split('\n').map(stripVTControlCharacters);
  assert.ok(lines.length > 1);
  assert.ok(lines.every((line) => displayWidth(line) <= 80));
  assert.match(lines.join(' '), /30 endpoints: 0 with a certificate, .*5 unresolved\. no findings$/);
});

it('does not widen all rows for one long cell when it is piped', () => {
  const short = { ...hostileFinding('x'), details: { a: 'b' } };
  const long = { ...hostileFinding('x'), details: { a: 'b'.repeat(5_000) } };
  const [, first = '', second = ''] = view('findings --each', [short, long], wide).split('\n');
  assert.ok(wide.width === null && first.length < 300 && second.includes('b'.repeat(400)));
});
