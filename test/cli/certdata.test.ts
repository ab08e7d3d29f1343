import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { it } from 'node:test';
import { readPathCertificate } from '../../src/x509/path/certificate.js';
import { readCertdata } from '../../src/cli/certdata.js';
import { changes, fromCertdata, fromNode, rootsText } from '../../src/cli/roots-update.js';
import { seeded } from '../support/collect.js';
import { issueCa, type Issued } from '../support/pki.js';

/** One root as certdata.txt has it. */
interface Entry {
  readonly root: Issued;
  readonly label: string;
  readonly server?: string;
  readonly email?: string;
  readonly distrustServer?: string;
  readonly distrustEmail?: string;
}

function octal(bytes: Uint8Array): string {
  const digits = [...bytes].map((byte) => `\\${byte.toString(8).padStart(3, '0')}`).join('');
  return `MULTILINE_OCTAL\n${digits.replace(/.{64}/g, '$&\n')}\nEND`;
}

const trusted = 'CKT_NSS_TRUSTED_DELEGATOR';
const unsaid = 'CKT_NSS_MUST_VERIFY_TRUST';
const never = 'CKT_NSS_NOT_TRUSTED';

function date(text: string | undefined): string {
  return text === undefined ? 'CK_BBOOL CK_FALSE' : octal(Buffer.from(text));
}

function serialOf(label: string): Buffer {
  return createHash('sha1').update(label).digest();
}

function certificateObject({ root, label, distrustServer, distrustEmail }: Entry): string {
  return `
#
# Certificate "${label}"
#
CKA_CLASS CK_OBJECT_CLASS CKO_CERTIFICATE
CKA_TOKEN CK_BBOOL CK_TRUE
CKA_LABEL UTF8 "${label}"
CKA_CERTIFICATE_TYPE CK_CERTIFICATE_TYPE CKC_X_509
CKA_ISSUER ${octal(root.subjectName)}
CKA_SERIAL_NUMBER ${octal(serialOf(label))}
CKA_VALUE ${octal(root.der)}
CKA_NSS_MOZILLA_CA_POLICY CK_BBOOL CK_TRUE
# For Server Distrust After: a comment in between
CKA_NSS_SERVER_DISTRUST_AFTER ${date(distrustServer)}
CKA_NSS_EMAIL_DISTRUST_AFTER ${date(distrustEmail)}
`;
}

function trustObject({ root, label, server = trusted, email = unsaid }: Entry): string {
  return `
# Trust for "${label}"
CKA_CLASS CK_OBJECT_CLASS CKO_NSS_TRUST
CKA_LABEL UTF8 "${label}"
CKA_CERT_SHA1_HASH ${octal(createHash('sha1').update(root.der).digest())}
CKA_ISSUER ${octal(root.subjectName)}
CKA_SERIAL_NUMBER ${octal(serialOf(label))}
CKA_TRUST_SERVER_AUTH CK_TRUST ${server}
CKA_TRUST_EMAIL_PROTECTION CK_TRUST ${email}
CKA_TRUST_CODE_SIGNING CK_TRUST CKT_NSS_MUST_VERIFY_TRUST
CKA_TRUST_STEP_UP_APPROVED CK_BBOOL CK_FALSE
`;
}

const head = `# comments before the data, CKA_CLASS included
BEGINDATA
CKA_CLASS CK_OBJECT_CLASS CKO_NSS_BUILTIN_ROOT_LIST
CKA_TOKEN CK_BBOOL CK_TRUE
CKA_LABEL UTF8 "Mozilla Builtin Roots"
`;

function certdata(...entries: readonly Entry[]): string {
  return [head, ...entries.map(certificateObject), ...entries.map(trustObject)].join('');
}

const roots = ['c', 'b', 'a', 'z'].map((name) => issueCa(`Root ${name}`));
const [c, b, a, z] = roots as [Issued, Issued, Issued, Issued];
const entries: readonly Entry[] = [
  { root: c, label: 'C for both', email: trusted },
  { root: b, label: 'B for e-mail', server: unsaid, email: trusted },
  { root: a, label: 'A going away', distrustServer: '241130235959Z', distrustEmail: '250415000000Z' },
  { root: z, label: 'Z distrusted', server: never, email: never },
];
const good = certdata(...entries);

const no = { trusted: false, distrustAfter: null };
const yes = { trusted: true, distrustAfter: null };

function keyOf(der: Buffer): string {
  return readPathCertificate(der).subject.key;
}

it('reads labels, bytes, trust bits and dates of distrust, in order of label', () => {
  assert.deepEqual(readCertdata(good), [
    {
      label: 'A going away',
      sha256: a.sha256,
      server: { trusted: true, distrustAfter: '2024-11-30T23:59:59.000Z' },
      email: { trusted: false, distrustAfter: '2025-04-15T00:00:00.000Z' },
      subjectKey: keyOf(a.der),
      der: a.der.toString('base64'),
    },
    {
      label: 'B for e-mail',
      sha256: b.sha256,
      server: no,
      email: yes,
      subjectKey: keyOf(b.der),
      der: b.der.toString('base64'),
    },
    {
      label: 'C for both',
      sha256: c.sha256,
      server: yes,
      email: yes,
      subjectKey: keyOf(c.der),
      der: c.der.toString('base64'),
    },
  ]);
});

it('gives the same file for the same roots, whatever their order and line ends', () => {
  const text = rootsText(fromCertdata(good, '2.86', '2026-04-09'));
  const turned = certdata(...entries.toReversed()).replaceAll('\n', '\r\n');
  assert.equal(rootsText(fromCertdata(turned, '2.86', '2026-04-09')), text);
  assert.match(
    text,
    /^\{\n {2}"name": "mozilla",\n {2}"date": "2026-04-09",\n {2}"source": "NSS builtins 2.86, certdata.txt"/,
  );
  assert.ok(text.endsWith('}\n'));
});

const [first] = entries as [Entry];
const alone = certdata(first);
for (const [what, text, error] of [
  ['is something else', 'hello', /no line BEGINDATA/],
  ['lacks the trust of a root', head + certificateObject(first), /"C for both" has no trust object/],
  [
    'lacks the bytes of a root',
    alone.replace('CKA_VALUE', 'CKA_OTHER'),
    /"C for both" has no octets CKA_VALUE/,
  ],
  [
    'trusts other bytes',
    alone.replace(/(HASH MULTILINE_OCTAL\n)\\\d{3}/, '$1\\000'),
    /"C for both" is for another certificate/,
  ],
  [
    'has an unknown level of trust',
    alone.replace(trusted, 'CKT_NSS_VALID'),
    /CKA_TRUST_SERVER_AUTH of "C for both" is unknown: CKT_NSS_VALID/,
  ],
  [
    'lacks a level of trust',
    alone.replace('CKA_TRUST_EMAIL_PROTECTION', 'CKA_TRUST_MAIL'),
    /CKA_TRUST_EMAIL_PROTECTION of "C for both" is unknown/,
  ],
  [
    'has an impossible date',
    certdata({ ...first, distrustServer: '241131235959Z' }),
    /distrust of "C for both" is no date/,
  ],
  ['has a date of another form', certdata({ ...first, distrustServer: '20241130235959Z' }), /is no date/],
  ['has octets that are not octal', alone.replace('\\060', '\\090'), /The octets at line \d+ are not octal/],
  ['has octets above 377', alone.replace('\\060', '\\460'), /not octal/],
  ['has octets without an end', alone.replace(/\nEND/g, ''), /octets at line \d+ .*have no END/],
  [
    'has a line of another form',
    alone.replace('CKA_TOKEN', 'TOKEN'),
    /Line 4 of certdata.txt is not an attribute/,
  ],
  [
    'has an attribute of no object',
    head.replace('CKA_CLASS CK', 'CKA_KIND CK'),
    /Line 3 of certdata.txt belongs to no object/,
  ],
] as const) {
  it(`refuses a certdata.txt that ${what}`, () => {
    assert.throws(() => readCertdata(text), error);
  });
}

it('reads a damaged certdata.txt as it stands or refuses it, and never makes up a root', () => {
  const random = seeded(7);
  const known = new Set(roots.map(({ sha256 }) => sha256));
  for (let round = 0; round < 500; round += 1) {
    const at = Math.floor(random() * good.length);
    const end = round % 2 === 0 ? at + 1 : at + Math.floor(random() * 200);
    const text = good.slice(0, at) + (round % 3 === 0 ? '7' : '') + good.slice(end);
    try {
      for (const { sha256 } of readCertdata(text)) assert.ok(known.has(sha256));
    } catch (error) {
      assert.ok(error instanceof Error && error.constructor === Error, String(error));
    }
  }
});

for (const [version, day] of [
  ['', '2026-04-09'],
  ['2.86', '9 April'],
] as const) {
  it(`asks for the version and the day when given "${version}" and "${day}"`, () => {
    assert.throws(() => fromCertdata(good, version, day), /^Error: Give the (version|day)/);
  });
}

it('takes trust for servers from Node.js and keeps dates and e-mail as they were', () => {
  const before = fromCertdata(good, '2.86', '2026-04-09');
  const fresh = issueCa('Fresh Root');
  const after = fromNode([a.pem, fresh.pem], before);
  assert.deepEqual(
    after.roots.map(({ label, server, email }) => [
      label,
      server.trusted,
      server.distrustAfter,
      email.trusted,
    ]),
    [
      ['A going away', true, '2024-11-30T23:59:59.000Z', false],
      ['B for e-mail', false, null, true],
      ['C for both', false, null, true],
      ['Fresh Root', true, null, false],
    ],
  );
  assert.equal(after.date, '2026-04-09');
  assert.equal(after.source, `NSS builtins 2.86, certdata.txt; servers: Node.js ${process.versions.node}`);
  assert.equal(fromNode([a.pem, fresh.pem], after).source, after.source);
});

it('tells what came, went and is trusted otherwise', () => {
  const before = readCertdata(good);
  const later = readCertdata(
    certdata({ ...first, distrustServer: '270101000000Z' }, { root: z, label: 'New', email: trusted }),
  );
  assert.deepEqual(changes(before, later), [
    '- A going away',
    '- B for e-mail',
    '~ C for both: server, email -> server until 2027-01-01, email',
    '+ New: server, email',
    '2 roots, 4 changes',
  ]);
  assert.deepEqual(changes(before, before), ['3 roots, 0 changes']);
});
