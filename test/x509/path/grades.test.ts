import assert from 'node:assert/strict';
import { it } from 'node:test';
import * as der from '../../support/der-writer.js';
import {
  chainTime,
  eku,
  ext,
  generalName,
  issuerLink,
  leafLink,
  makeChain,
  rootLink,
  sharedKey,
  type ChainSpec,
} from '../../support/chain.js';
import { makeCrl } from '../../support/crl.js';
import { refuses, storeOf, publicStoreOf, testSection, validateChain, type CaseOptions } from './cases.js';
import { validatePath } from '../../../src/x509/path/validate.js';

const namesIssuer = ext.aki(null, [
  der.context(1, true, generalName.directory(der.sequence())),
  der.context(2, false, Buffer.from([5])),
]);

const table: readonly (readonly [name: string, chain: ChainSpec, options: CaseOptions, grade: string])[] = [
  ['a chain without faults', {}, {}, 'valid'],
  ['a leaf without extendedKeyUsage', { leaf: { extensions: { eku: null } } }, {}, 'faulty'],
  [
    'an authorityKeyIdentifier of issuer and serial',
    { leaf: { extensions: { aki: namesIssuer } } },
    {},
    'faulty',
  ],
  ['the serial number zero', { leaf: { serial: der.integer(0) } }, {}, 'faulty'],
  ['an expired leaf', { leaf: { notAfter: new Date('2026-05-31T00:00:00Z') } }, {}, 'invalid'],
  [
    'an expired leaf without extendedKeyUsage',
    { leaf: { notAfter: new Date('2026-05-31T00:00:00Z'), extensions: { eku: null } } },
    {},
    'invalid',
  ],
  ['another name', {}, { host: 'www.example.org' }, 'invalid'],
  ['another purpose', { leaf: { extensions: { eku: ext.eku([eku.client]) } } }, {}, 'invalid'],
];
for (const [name, chain, options, grade] of table)
  it(`grades ${name} as ${grade}`, () => {
    const validation = validateChain(makeChain(chain), options);
    assert.equal(validation.grade, grade, JSON.stringify(validation.errors));
    assert.equal(validation.verdict === 'valid', grade === 'valid');
  });

it('warns of what RFC 5280 tolerates, and stays valid', () => {
  const chain = makeChain({ leaf: { serial: der.integer(0) } });
  const { verdict, grade, errors, warnings } = validateChain(chain, { profile: 'rfc5280' });
  assert.deepEqual([verdict, grade, errors], ['valid', 'valid', []]);
  assert.deepEqual(
    warnings.map(({ code }) => code),
    ['bad-serial-number'],
  );
  assert.deepEqual(validateChain(makeChain(), { profile: 'rfc5280' }).warnings, []);
});

it('grades a self-signed certificate that is its own root as faulty at most', () => {
  const own = rootLink({
    subject: 'www.example.com',
    extensions: { san: ext.dns('www.example.com'), eku: ext.eku([eku.server]) },
  });
  const { grade, path } = validatePath({
    certificate: own.der,
    intermediates: [],
    rootStore: storeOf(own),
    at: chainTime,
    purpose: 'server',
    host: 'www.example.com',
  });
  assert.equal(grade, 'faulty');
  assert.equal(path.length, 1);
});

testSection('a CA that leads to no root is held against the profile, whatever the store', [
  ...[false, true].map((isPublic) =>
    refuses(
      `an intermediate with a negative serial number, ${isPublic ? 'a public' : "the operator's"} store`,
      () => {
        const stranger = rootLink({ subject: 'Stranger', key: sharedKey(5) });
        const leaf = issuerLink(stranger, { serial: der.integer(-5) });
        return { leaf, issuers: [], root: rootLink() };
      },
      'bad-serial-number no-issuer',
      { isPublic, purpose: 'ca', host: null, profile: 'web-pki' },
    ),
  ),
  refuses(
    'a root that is not trusted, with an extendedKeyUsage',
    () => ({
      leaf: rootLink({ subject: 'Stranger', key: sharedKey(5), extensions: { eku: ext.eku([eku.server]) } }),
      issuers: [],
      root: rootLink(),
    }),
    'no-issuer root-extended-key-usage',
    { isPublic: true, purpose: 'ca', host: null, profile: 'web-pki' },
  ),
]);

it('names what the path rests on, with its end', () => {
  const chain = makeChain({ issuers: [{ notAfter: new Date('2026-06-04T00:00:00Z') }] });
  const { links } = validateChain(chain);
  assert.deepEqual(
    links.map(({ role, subject, notAfter }) => [role, subject, notAfter?.toISOString().slice(0, 10)]),
    [
      ['issuer', 'CN=Test Issuer 1', '2026-06-04'],
      ['anchor', 'CN=Test Root', '2040-01-01'],
    ],
  );
});

it('takes the path that lasts longer where an issuer has two certificates', () => {
  const root = rootLink();
  const [short, long] = ['2026-06-04', '2039-01-01'].map((day) =>
    issuerLink(root, { notAfter: new Date(`${day}T00:00:00Z`) }),
  );
  const leaf = leafLink(short!);
  for (const issuers of [
    [short!, long!],
    [long!, short!],
  ]) {
    const { verdict, links } = validateChain({ leaf, issuers, root });
    assert.equal(verdict, 'valid');
    assert.equal(links[0]?.notAfter?.toISOString().slice(0, 10), '2039-01-01');
  }
});

it('names the signer of a CRL that was relied on', () => {
  const root = rootLink();
  const issuer = issuerLink(root);
  const signer = issuerLink(root, { key: sharedKey(7), notAfter: new Date('2026-06-09T00:00:00Z') });
  const chain = { leaf: leafLink(issuer), issuers: [issuer], root };
  const { verdict, links } = validateChain(chain, {
    crls: [makeCrl(signer, {})],
    intermediates: [issuer.der, signer.der],
  });
  assert.equal(verdict, 'valid');
  const found = links.find(({ role }) => role === 'crl-signer');
  assert.equal(found?.notAfter?.toISOString().slice(0, 10), '2026-06-09');
});

/** A public leaf of these days, with a reserved policy. */
const publicLeaf = (
  notBefore: string,
  notAfter: string,
  extensions: Record<string, Buffer> = {},
): ChainSpec => ({
  leaf: {
    notBefore: new Date(notBefore),
    notAfter: new Date(notAfter),
    extensions: { policies: ext.policies('2.23.140.1.2.1'), ...extensions },
  },
});

const dated: readonly (readonly [name: string, chain: ChainSpec, at: string, codes: readonly string[]])[] = [
  [
    'a critical extendedKeyUsage before the profiles',
    publicLeaf('2023-09-14T23:59:59Z', '2024-01-01T00:00:00Z', { eku: ext.eku([eku.server], true) }),
    '2023-12-01',
    [],
  ],
  [
    'a critical extendedKeyUsage since the profiles',
    publicLeaf('2023-09-15T00:00:00Z', '2024-01-01T00:00:00Z', { eku: ext.eku([eku.server], true) }),
    '2023-12-01',
    ['extended-key-usage-critical'],
  ],
  [
    'emailProtection before the profiles',
    publicLeaf('2023-09-14T23:59:59Z', '2024-01-01T00:00:00Z', { eku: ext.eku([eku.server, eku.email]) }),
    '2023-12-01',
    [],
  ],
  [
    'emailProtection since the profiles',
    publicLeaf('2023-09-15T00:00:00Z', '2024-01-01T00:00:00Z', { eku: ext.eku([eku.server, eku.email]) }),
    '2023-12-01',
    ['extended-key-usage-not-allowed'],
  ],
  [
    'a critical subjectAltName before the profiles',
    publicLeaf('2023-09-14T23:59:59Z', '2024-01-01T00:00:00Z', {
      san: ext.san([generalName.dns('www.example.com')], true),
    }),
    '2023-12-01',
    [],
  ],
  [
    'a critical subjectAltName since the profiles',
    publicLeaf('2023-09-15T00:00:00Z', '2024-01-01T00:00:00Z', {
      san: ext.san([generalName.dns('www.example.com')], true),
    }),
    '2023-12-01',
    ['subject-alt-name-critical'],
  ],
  [
    '825 days, the last second not counted',
    publicLeaf('2020-08-31T00:00:00Z', '2022-12-04T00:00:00Z'),
    '2022-01-01',
    [],
  ],
  [
    '825 days and a second',
    publicLeaf('2020-08-31T00:00:00Z', '2022-12-04T00:00:01Z'),
    '2022-01-01',
    ['validity-too-long'],
  ],
  [
    '398 days, the last second counted',
    publicLeaf('2021-09-01T00:00:00Z', '2022-10-03T23:59:59Z'),
    '2022-01-01',
    [],
  ],
  [
    '398 days and a second',
    publicLeaf('2021-09-01T00:00:00Z', '2022-10-04T00:00:00Z'),
    '2022-01-01',
    ['validity-too-long'],
  ],
];
for (const [name, spec, at, codes] of dated)
  it(`${codes.length === 0 ? 'accepts' : 'refuses'} ${name}`, () => {
    const chain = makeChain(spec);
    const { errors } = validateChain(chain, {
      rootStore: publicStoreOf(chain.root),
      at: new Date(`${at}T00:00:00Z`),
    });
    assert.deepEqual(
      errors.map(({ code }) => code),
      codes,
      JSON.stringify(errors),
    );
    if (codes.includes('validity-too-long'))
      assert.match(errors[0]!.message, /days and 1 second, more than the \d+ days/);
  });
