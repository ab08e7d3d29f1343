import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { it } from 'node:test';
import { datedRule } from '../../src/lib/policy-dates.js';
import type { Severity } from '../../src/model/severity.js';
import { ask } from '../../src/rules/judge.js';
import { themes } from '../../src/rules/themes.js';
import type { CertificateRule, CheckInput } from '../../src/rules/rule.js';
import { readCertificate } from '../../src/x509/read/read-certificate.js';
import * as der from '../support/der-writer.js';
import { extension } from '../support/pki.js';
import {
  eku,
  ext,
  generalName,
  issuerLink,
  leafLink,
  rootLink,
  sharedKey,
  type Link,
  type LinkSpec,
} from '../support/chain.js';
import { anInput, aValidation, now } from './support.js';

/** A root that every programme includes (ISRG Root X1): what ends in it is bound by the rules of public CAs. */
export const publicRoot = '96bcec06264976f37460779acf28c5a7cfe8a3c0aae11a8ffcee05c0bddf08c6';

const root = rootLink();
const issuer = issuerLink(root);

/** Type, text, and tag of the string. */
export type SubjectAttribute = readonly [type: string, text: string, tag?: number];

/** DER of one attribute each: string type by tag, default UTF8String; the country is PrintableString. */
export function subject(...attributes: readonly SubjectAttribute[]): Buffer {
  return der.sequence(
    ...attributes.map(([type, text, tag = type === '2.5.4.6' || type === '2.5.4.5' ? 0x13 : 0x0c]) =>
      der.set(der.sequence(der.oid(type), der.element(tag, Buffer.from(text, 'utf8')))),
    ),
  );
}

/** Object identifiers of attributes, short for tables. */
export const at = {
  CN: '2.5.4.3',
  C: '2.5.4.6',
  ST: '2.5.4.8',
  L: '2.5.4.7',
  O: '2.5.4.10',
  OU: '2.5.4.11',
} as const;

/** What is at a URL. */
export type AccessLocation = readonly [kind: 'ocsp' | 'issuer' | 'other', url: string];

/** DER of an authorityInfoAccess with these locations: `ocsp` and `issuer` URLs in order. */
export function aia(...locations: readonly AccessLocation[]): Buffer {
  const methods = { ocsp: '1.3.6.1.5.5.7.48.1', issuer: '1.3.6.1.5.5.7.48.2', other: '1.3.6.1.5.5.7.48.3' };
  return extension(
    '1.3.6.1.5.5.7.1.1',
    false,
    der.sequence(
      ...locations.map(([kind, url]) => der.sequence(der.oid(methods[kind]), generalName.uri(url))),
    ),
  );
}

/** DER of CRL distribution points at these URLs. */
export function crlPoints(urls: readonly string[], critical = false): Buffer {
  const point = (url: string): Buffer =>
    der.sequence(der.context(0, true, der.context(0, true, generalName.uri(url))));
  return extension('2.5.29.31', critical, der.sequence(...urls.map(point)));
}

const usual = {
  aia: aia(['ocsp', 'http://ocsp.example.com/'], ['issuer', 'http://ca.example.com/i.crt']),
  crls: crlPoints(['http://ca.example.com/1.crl']),
};

/** Instant of a day, midnight UTC. */
export function day(text: string): Date {
  return new Date(`${text}T00:00:00Z`);
}

/** A server certificate of a public CA that breaks no rule, changed by `spec`. */
export function aLeaf(spec: LinkSpec = {}): Link {
  const extensions = {
    ...usual,
    eku: ext.eku([eku.server]),
    policies: ext.policies('2.23.140.1.2.1'),
    ski: null,
    ...spec.extensions,
  };
  return leafLink(issuer, {
    serial: der.integer(0x7f2a_91c4_55d0_13een * 0x1_0000_0001n),
    ...spec,
    extensions,
  });
}

/** A subordinate CA, likewise. */
export function aCa(spec: LinkSpec = {}): Link {
  const extensions = {
    ...usual,
    eku: ext.eku([eku.server]),
    policies: ext.policies('2.23.140.1.2.1'),
    ...spec.extensions,
  };
  const subjectName = subject([at.C, 'NL'], [at.O, 'Good CA'], [at.CN, 'Good Issuer']);
  return issuerLink(root, {
    serial: der.integer(0x7f2a_91c4_55d0_13een),
    subject: subjectName,
    ...spec,
    extensions,
  });
}

/** A root, likewise. */
export function aRoot(spec: LinkSpec = {}): Link {
  return rootLink({
    key: sharedKey(3),
    notBefore: day('2024-01-01'),
    notAfter: day('2044-01-01'),
    subject: subject([at.C, 'NL'], [at.O, 'Good CA'], [at.CN, 'Good Root']),
    ...spec,
  });
}

/** What a rule is asked about a certificate that is served under a public root, or else under a private one. */
export function asked(link: Link, changes: Partial<CheckInput> = {}): Partial<CheckInput> {
  const certificate = readCertificate(link.der);
  return { certificate, validation: aValidation({ path: [certificate.sha256, publicRoot] }), ...changes };
}

/** The same of a private CA's. */
export function askedPrivately(link: Link): Partial<CheckInput> {
  return asked(link, { validation: aValidation({ path: ['aa'.repeat(32), 'bb'.repeat(32)] }) });
}

/** One row: what is judged, and the codes of the faults, or another answer. */
export interface ProfileRow {
  readonly name: string;
  readonly input: Partial<CheckInput>;
  /** Codes separated by spaces; `pass`, `not-applicable` and `not-in-force` stand for themselves. */
  readonly expected: string;
  readonly severity?: Severity;
}

const answers = ['pass', 'not-applicable', 'not-in-force'];

/** Runs the table of a profile rule; one without a hit, a pass and a not-applicable row is refused. */
export function testProfile(rule: CertificateRule, rows: readonly ProfileRow[]): void {
  for (const kind of ['pass', 'not-applicable'])
    assert.ok(
      rows.some(({ expected }) => expected === kind),
      `${rule.id} has no row with the answer ${kind}`,
    );
  assert.ok(
    rows.some(({ expected }) => !answers.includes(expected)),
    `${rule.id} has no row with a fault`,
  );
  for (const id of datesOf(rule))
    it(`holds ${id} against what was issued from its date on, and not a second before`, () => {
      const from = datedRule(id).from ?? now;
      const faulty = rows.filter(({ expected }) => !answers.includes(expected));
      assert.ok(
        faulty.some(({ input }) => codesAt(rule, input, from) !== codesAt(rule, input, addSeconds(from, -1))),
        `no row has a fault that counts since ${id}`,
      );
    });
  for (const { name, input, expected, severity } of rows)
    it(name, () => {
      const answer = ask(rule, anInput(input));
      if (typeof answer === 'string') return assert.equal(answer, expected);
      const faults = answer.details['faults'] as readonly { code: string; message: string }[];
      assert.equal([...new Set(faults.map(({ code }) => code))].join(' '), expected, JSON.stringify(faults));
      for (const { message } of faults) assert.ok(message.length > 3);
      if (severity !== undefined) assert.equal(answer.severity ?? rule.severity, severity);
    });
}

/** Ids of the dated rules that faults of a rule name, read from its code: see `from` in ProfileFault. */
function datesOf({ id }: CertificateRule): readonly string[] {
  const code = readFileSync(new URL(`../../src/rules/${themes.get(id)}/${id}.js`, import.meta.url), 'utf8');
  return [...new Set([...code.matchAll(/\bfrom: '([a-z0-9-]+)'/g)].map(([, date = '']) => date))];
}

/** Codes of the faults, were the certificate of the row issued at this instant. */
function codesAt(rule: CertificateRule, input: Partial<CheckInput>, notBefore: Date): string {
  const whole = anInput(input);
  const answer = ask(rule, { ...whole, certificate: { ...whole.certificate, notBefore } });
  if (typeof answer === 'string') return '';
  const faults = answer.details['faults'] as readonly { readonly code: string }[];
  return faults.map(({ code }) => code).join(' ');
}

function addSeconds(at: Date, seconds: number): Date {
  return new Date(at.getTime() + seconds * 1_000);
}
