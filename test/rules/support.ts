import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { Certificate } from '../../src/model/certificate.js';
import type { Observation } from '../../src/model/observation.js';
import type { SurveyFacts } from '../../src/model/survey.js';
import type { Policy } from '../../src/model/policy.js';
import type { Target } from '../../src/model/target.js';
import type { Validation } from '../../src/model/validation.js';
import { defaultPolicy } from '../../src/rules/config.js';
import { ask, askEndpoint, type Answer } from '../../src/rules/judge.js';
import type {
  CertificateRule,
  CheckInput,
  EndpointInput,
  EndpointRule,
  Hit,
  RuleInfo,
} from '../../src/rules/rule.js';

/** The instant at which every table judges. */
export const now = new Date('2026-11-23T12:00:00Z');

/** `now` moved by days, hours and milliseconds. */
export function later(days: number, ms = 0): Date {
  return new Date(now.getTime() + days * 86_400_000 + ms);
}

/** A certificate that passes every rule: 90 days for www.example.com, half of them over. */
export function aCertificate(changes: Partial<Certificate> = {}): Certificate {
  return {
    der: new Uint8Array([0x30, 0x00]),
    sha256: 'aa'.repeat(32),
    sha1: 'aa'.repeat(20),
    spkiSha256: 'bb'.repeat(32),
    modulusSha256: null,
    tbsSha256: 'cc'.repeat(32),
    issuerSha256: 'dd'.repeat(32),
    subjectSha256: 'ee'.repeat(32),
    subject: 'CN=www.example.com',
    issuer: 'CN=R3,O=Good CA,C=NL',
    commonNames: ['www.example.com'],
    organizations: [],
    serialNumber: '1234',
    notBefore: later(-45),
    notAfter: later(45),
    dnsNames: ['www.example.com'],
    ipAddresses: [],
    emailAddresses: [],
    uris: [],
    names: ['www.example.com'],
    key: { type: 'EC', bits: 256, curve: 'P-256' },
    signatureAlgorithm: 'ecdsa-with-SHA256',
    isCa: false,
    isSelfIssued: false,
    isPrecertificate: false,
    extendedKeyUsages: ['1.3.6.1.5.5.7.3.1'],
    subjectKeyId: '01',
    authorityKeyId: '02',
    crlUrls: [],
    ocspUrls: [],
    caIssuerUrls: [],
    sctCount: 2,
    problems: [],
    ...changes,
  };
}

/** A verdict of path validation against Mozilla's roots; the grade follows the verdict. */
export function aValidation(changes: Partial<Validation> = {}): Validation {
  const { verdict = 'valid' } = changes;
  return {
    verdict,
    grade: verdict,
    errors: [],
    warnings: [],
    rootStore: 'mozilla 2026-04-09',
    path: [],
    links: [],
    ...changes,
  };
}

/** One look at 127.0.0.1:8443 that brought `certificate`. */
export function anObservation(changes: Partial<Observation> & { target?: Target } = {}): Observation {
  const certificate = changes.certificate === undefined ? aCertificate() : changes.certificate;
  return {
    observedAt: now,
    scanId: 'scan',
    target: {
      host: 'www.example.com',
      address: '127.0.0.1',
      port: 8443,
      serverName: 'www.example.com',
      starttls: null,
    },
    outcome: 'ok',
    detail: null,
    tls: {
      version: 'TLSv1.3',
      cipher: 'TLS_AES_128_GCM_SHA256',
      group: 'X25519',
      alpn: null,
      clientCertificateRequested: false,
      ocspResponse: null,
    },
    certificate,
    chain: certificate === null ? [] : [certificate],
    durationMs: 12,
    ...changes,
  };
}

/** A survey of an endpoint that is good in every respect. */
export function aSurvey(changes: Partial<SurveyFacts> = {}): SurveyFacts {
  return {
    versions: [
      { version: 'TLSv1.3', cipherSuites: ['TLS_AES_128_GCM_SHA256'], preference: 'server' },
      {
        version: 'TLSv1.2',
        cipherSuites: ['TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256'],
        preference: 'server',
      },
    ],
    groups: ['X25519MLKEM768', 'X25519', 'P-256'],
    dhBits: null,
    secureRenegotiation: true,
    compression: false,
    ticketLifetimeSeconds: 7200,
    handshakeScts: 0,
    ocspStapled: false,
    clientAuthorities: null,
    jarm: null,
    ja3s: null,
    alternates: [],
    connections: 60,
    incomplete: null,
    ...changes,
  };
}

/** A look with a survey, as the input of a rule about what the endpoint offers. */
export function surveyed(changes: Partial<SurveyFacts> = {}): Partial<CheckInput> {
  return { observation: anObservation({ survey: aSurvey(changes) }) };
}

/** The default policy of an operator who owns example.com. */
export function aPolicy(changes: Partial<Policy> = {}): Policy {
  return { ...defaultPolicy, ownedDomains: ['example.com'], ...changes };
}

/** A served certificate and its surroundings, good in every respect. */
export function anInput(changes: Partial<CheckInput> = {}): CheckInput {
  return {
    certificate: aCertificate(),
    source: 'served',
    chain: [],
    host: 'www.example.com',
    observation: null,
    validation: null,
    inventory: null,
    policy: aPolicy(),
    now,
    ...changes,
  };
}

/** An observation as an endpoint rule judges it; one without a survey when none is given. */
export function anOffer({
  observation,
  policy = aPolicy(),
  now: at = now,
}: Partial<CheckInput>): EndpointInput {
  return { observation: observation ?? anObservation(), policy, now: at };
}

/** One row: what is judged, and the answer; for a hit its severity and some details. */
export interface Row {
  readonly name: string;
  readonly input: Partial<CheckInput>;
  readonly expected: 'pass' | 'not-applicable' | 'not-in-force' | Partial<Hit>;
}

/** Runs a rule's table; one without a hit, a pass and (unless the rule applies to everything) a not-applicable row is refused. */
export function testRule(
  rule: CertificateRule | EndpointRule,
  rows: readonly Row[],
  appliesToAll = false,
): void {
  const kinds = new Set<string>(
    rows.map(({ expected }) => (typeof expected === 'string' ? expected : 'hit')),
  );
  for (const kind of appliesToAll ? ['hit', 'pass'] : ['hit', 'pass', 'not-applicable'])
    assert.ok(kinds.has(kind), `${rule.id} has no row with the answer ${kind}`);
  if (rule.effectiveFrom !== undefined)
    assert.ok(
      kinds.has('not-in-force'),
      `${rule.id} has effective dates and no row with the answer not-in-force`,
    );
  for (const { name, input, expected } of rows) {
    it(name, () => {
      const answer = rule.kind === 'endpoint' ? askEndpoint(rule, anOffer(input)) : ask(rule, anInput(input));
      if (typeof expected === 'string') return assert.equal(answer, expected);
      assertHit(answer, rule, expected);
    });
  }
}

function assertHit(answer: Answer, rule: RuleInfo, expected: Partial<Hit>): void {
  assert.ok(typeof answer === 'object', `expected a hit, got ${String(answer)}`);
  if (expected.cause !== undefined) assert.deepEqual(answer.cause, expected.cause);
  if (expected.severity !== undefined) assert.equal(answer.severity ?? rule.severity, expected.severity);
  for (const [key, value] of Object.entries(expected.details ?? {}))
    assert.deepEqual(answer.details[key], value, `details.${key}`);
}
