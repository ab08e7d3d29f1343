import assert from 'node:assert/strict';
import { it } from 'node:test';
import * as der from '../../support/der-writer.js';
import { extension } from '../../support/pki.js';
import {
  ext,
  generalName,
  issuerLink,
  keyIdOf,
  makeChain,
  name,
  sharedKey,
  type Chain,
  type ChainSpec,
  type Link,
  type LinkSpec,
} from '../../support/chain.js';
import { issuingDistributionPoint, makeCrl, reasonCode, type CrlSpec } from '../../support/crl.js';
import { testSection, validateChain, type Case, type CaseOptions } from './cases.js';

const serial = der.integer(424_242);
const point = (text: string): Buffer => der.context(0, true, der.context(0, true, generalName.uri(text)));
const distributionPoints = extension(
  '2.5.29.31',
  false,
  der.sequence(der.sequence(point('http://ca.example/1.crl'))),
);

/** A chain whose leaf has the serial number and a distribution point. */
const listed: ChainSpec = { leaf: { serial, extensions: { crls: distributionPoints } } };
const chain = makeChain(listed);
const [issuer] = chain.issuers;

type MakeCrls = (chain: Chain) => readonly Uint8Array[];

function passes(name: string, crls: MakeCrls, spec: ChainSpec = listed, options: CaseOptions = {}): Case {
  const made = makeChain(spec);
  return { name: `accepts ${name}`, chain: () => made, codes: [], options: { ...options, crls: crls(made) } };
}

function fails(
  name: string,
  codes: string,
  crls: MakeCrls,
  spec: ChainSpec = listed,
  options: CaseOptions = {},
): Case {
  const made = makeChain(spec);
  return {
    name: `refuses ${name}`,
    chain: () => made,
    codes: codes.split(' '),
    options: { ...options, crls: crls(made) },
  };
}

/** A CRL by the leaf's issuer that revokes the leaf, changed by `spec`. */
const revoking =
  (spec: CrlSpec = {}): MakeCrls =>
  ({ issuers }) => [makeCrl(issuers[0]!, { revoked: [[serial]], ...spec })];
const clean =
  (spec: CrlSpec = {}): MakeCrls =>
  ({ issuers }) => [makeCrl(issuers[0]!, { revoked: [[der.integer(1)]], ...spec })];

testSection('RFC 5280 section 6.3.3', [
  passes('a leaf that is not listed', clean()),
  passes('a leaf where nothing is listed', clean({ revoked: [] })),
  passes('a leaf of which no CRL speaks', () => []),
  fails('a leaf that is listed', 'revoked', revoking()),
  fails(
    'a leaf that is listed with a reason',
    'revoked',
    revoking({ revoked: [[der.integer(1)], [serial, reasonCode(1)]] }),
  ),
  fails('a leaf that is on hold', 'revoked', revoking({ revoked: [[serial, reasonCode(6)]] })),
  fails(
    'an issuer that is listed by the root',
    'revoked',
    ({ root }) => [makeCrl(root, { revoked: [[serial]] })],
    { issuers: [{ serial }] },
  ),
  passes('a serial number listed by another issuer', ({ root }) => [makeCrl(root, { revoked: [[serial]] })]),
  passes('a serial number listed by a CA of the same name with another key', ({ issuers }) => [
    makeCrl({ ...issuers[0]!, key: sharedKey(6) }, { revoked: [[serial]] }),
  ]),
  passes('a good CRL beside one that is out of date', (made) => [
    ...clean()(made),
    ...clean({ nextUpdate: new Date('2026-05-31T12:00:00Z') })(made),
  ]),
  fails('a leaf listed in the good one of two', 'revoked', (made) => [
    ...clean({ nextUpdate: new Date('2026-05-31T12:00:00Z') })(made),
    ...revoking()(made),
  ]),
]);

/** The chain with a further certificate of the issuer's name, for another key, below the root or below the issuer itself. */
function withSecondKey(isBelowRoot: boolean, spec: LinkSpec = {}): Chain & { readonly second: Link } {
  const made = makeChain(listed);
  const [first] = made.issuers;
  const second = issuerLink(isBelowRoot ? made.root : first!, {
    subject: first!.subject,
    key: sharedKey(6),
    ...spec,
  });
  return { ...made, issuers: [...made.issuers, second], second };
}

const secondRevokes = ({ second }: { readonly second: Link }): readonly Uint8Array[] => [
  makeCrl(second, { revoked: [[serial]] }),
];

function secondKeyCase(name: string, codes: string, chain: ReturnType<typeof withSecondKey>): Case {
  const expected = codes === '' ? [] : codes.split(' ');
  return { name, chain: () => chain, codes: expected, options: { crls: secondRevokes(chain) } };
}

testSection('RFC 5280 section 6.3.3 (f), a CA with two keys', [
  secondKeyCase("refuses a leaf listed under the CA's second key", 'revoked', withSecondKey(true)),
  secondKeyCase(
    'refuses one listed under a key that the CA certified itself',
    'revoked',
    withSecondKey(false),
  ),
  secondKeyCase(
    'refuses a second key that may not sign CRLs',
    'crl-not-usable',
    withSecondKey(true, { extensions: { keyUsage: ext.keyUsage(5) } }),
  ),
]);

testSection('RFC 5280 section 6.3.3 (a)', [
  fails(
    'a CRL that is out of date',
    'crl-not-usable',
    clean({ nextUpdate: new Date('2026-06-01T11:59:59Z') }),
  ),
  fails(
    'a certificate that a CRL lists, out of date though it is',
    'revoked',
    revoking({ nextUpdate: new Date('2026-06-01T11:59:59Z') }),
  ),
  passes('one that only a CRL out of date lists, a fresh one beside it', (made) => [
    ...revoking({ nextUpdate: new Date('2026-06-01T11:59:59Z') })(made),
    ...clean()(made),
  ]),
  fails(
    "a CRL out of date that is not the issuer's either",
    'crl-not-usable',
    revoking({ nextUpdate: new Date('2026-06-01T11:59:59Z') }),
    { ...listed, issuers: [{ extensions: { keyUsage: ext.keyUsage(5) } }] },
  ),
  passes('a CRL in its last second', clean({ nextUpdate: new Date('2026-06-01T12:00:00Z') })),
  fails('a CRL from the future', 'crl-not-usable', clean({ thisUpdate: new Date('2026-06-01T12:00:01Z') })),
  fails('a CRL without nextUpdate', 'crl-not-usable', clean({ nextUpdate: null })),
]);

testSection('RFC 5280 section 6.3.3 (f) and (g)', [
  fails('an issuer without cRLSign', 'crl-not-usable', clean(), {
    ...listed,
    issuers: [{ extensions: { keyUsage: ext.keyUsage(5) } }],
  }),
  passes('an issuer without keyUsage', clean(), { ...listed, issuers: [{ extensions: { keyUsage: null } }] }),
  fails('a wrong signature', 'crl-not-usable', ({ issuers }) => [
    makeCrl(
      { ...issuers[0]!, key: sharedKey(6) },
      { extensions: { aki: ext.aki(keyIdOf(issuers[0]!.key)) } },
    ),
  ]),
  fails('a wrong signature where no key is named', 'crl-not-usable', ({ issuers }) => [
    makeCrl({ ...issuers[0]!, key: sharedKey(6) }, { extensions: { aki: null } }),
  ]),
]);

testSection('RFC 5280 section 5.2', [
  fails('a CRL without a number', 'crl-not-usable', clean({ extensions: { number: null } })),
  fails(
    'a CRL with a critical number',
    'crl-not-usable',
    clean({ extensions: { number: extension('2.5.29.20', true, der.integer(7)) } }),
  ),
  fails(
    'a delta CRL',
    'crl-not-usable',
    clean({ extensions: { delta: extension('2.5.29.27', true, der.integer(1)) } }),
  ),
  fails(
    'an unknown critical extension',
    'crl-not-usable',
    clean({ extensions: { unknown: ext.unknown(true) } }),
  ),
  passes('an unknown extension that is not critical', clean({ extensions: { unknown: ext.unknown(false) } })),
  fails('a CRL that cannot be read', 'crl-not-usable', clean({ mangle: (crl) => crl.subarray(0, -1) })),
  fails('a CRL with entries that are none', 'crl-not-usable', ({ issuers }) => [
    makeCrl(issuers[0]!, { revoked: [[der.sequence()]] }),
  ]),
]);

const flag = (number: number): Buffer => der.context(number, false, Buffer.from([0xff]));
const certificateIssuer = (common: string): Buffer =>
  extension('2.5.29.29', true, der.sequence(generalName.directory(name(['2.5.4.3', common]))));
const scoped = (...fields: readonly Buffer[]): CrlSpec => ({
  extensions: { scope: issuingDistributionPoint(...fields) },
});

testSection('RFC 5280 section 5.3', [
  fails('a leaf listed with an unknown extension that is not critical', 'revoked', ({ issuers }) => [
    makeCrl(issuers[0]!, { revoked: [[serial, ext.unknown(false)]] }),
  ]),
  fails('a critical extension, unknown, of another entry', 'crl-not-usable', ({ issuers }) => [
    makeCrl(issuers[0]!, { revoked: [[der.integer(1), ext.unknown(true)]] }),
  ]),
  fails('one in an indirect CRL', 'crl-not-usable', ({ issuers }) => [
    makeCrl(issuers[0]!, { ...scoped(flag(4)), revoked: [[der.integer(1), ext.unknown(true)]] }),
  ]),
  passes('a critical reason of another entry', ({ issuers }) => [
    makeCrl(issuers[0]!, {
      revoked: [[der.integer(1), extension('2.5.29.21', true, der.element(10, Buffer.from([1])))]],
    }),
  ]),
]);

const relativeName = der.sequence(der.oid('2.5.4.3'), der.utf8String('CRL 1'));
const relative = der.context(0, true, der.context(1, true, relativeName));
const fullName = name(['2.5.4.3', 'Test Issuer 1'], ['2.5.4.3', 'CRL 1']);
const full = der.context(0, true, der.context(0, true, generalName.directory(fullName)));
const published = (at: Buffer): ChainSpec => ({
  leaf: { serial, extensions: { crls: extension('2.5.29.31', false, der.sequence(der.sequence(at))) } },
});

testSection('RFC 5280 section 4.2.1.13', [
  fails(
    'a leaf listed at a point named relatively by both',
    'revoked',
    revoking(scoped(relative)),
    published(relative),
  ),
  fails(
    'a leaf listed at a point named in full by the CRL',
    'revoked',
    revoking(scoped(full)),
    published(relative),
  ),
  fails(
    'a leaf listed at a point named in full by the leaf',
    'revoked',
    revoking(scoped(relative)),
    published(full),
  ),
  passes(
    'a leaf listed at another point',
    revoking(scoped(relative)),
    published(point('http://ca.example/1.crl')),
  ),
]);

testSection('RFC 5280 section 5.2.5', [
  fails('a leaf listed in a CRL of end entities', 'revoked', revoking(scoped(flag(1)))),
  passes('a leaf listed in a CRL of CAs, which proves nothing', revoking(scoped(flag(2)))),
  passes('a leaf listed in a CRL of attribute certificates', revoking(scoped(flag(5)))),
  fails('a leaf listed in an indirect CRL', 'revoked', revoking(scoped(flag(4)))),
  passes(
    'a serial number listed for another CA in an indirect CRL',
    revoking({ ...scoped(flag(4)), revoked: [[der.integer(1), certificateIssuer('Other CA')], [serial]] }),
  ),
  fails(
    'a leaf listed behind another CA in an indirect CRL',
    'revoked',
    revoking({
      ...scoped(flag(4)),
      revoked: [
        [der.integer(1), certificateIssuer('Other CA')],
        [serial, certificateIssuer('Test Issuer 1')],
      ],
    }),
  ),
  fails(
    "a leaf listed in its own distribution point's CRL",
    'revoked',
    revoking(scoped(point('http://ca.example/1.crl'))),
  ),
  passes(
    "a leaf listed in another distribution point's CRL",
    revoking(scoped(point('http://ca.example/2.crl'))),
  ),
  passes(
    'a leaf without distribution points listed in a shard',
    revoking(scoped(point('http://ca.example/1.crl'))),
    { leaf: { serial } },
  ),
  fails(
    'an issuer listed in a CRL of CAs',
    'revoked',
    ({ root }) => [makeCrl(root, { revoked: [[serial]], ...scoped(flag(2)) })],
    { issuers: [{ serial }] },
  ),
]);

it('says which reason a CRL gives', () => {
  const { errors } = validateChain(chain, {
    crls: [makeCrl(issuer!, { revoked: [[serial, reasonCode(1)]] })],
  });
  assert.match(errors[0]?.message ?? '', /keyCompromise/);
});

it('finds a certificate among 100,000 entries in less than a second', () => {
  const revoked = Array.from({ length: 100_000 }, (_, at) => [der.integer(1_000_000 + at)] as const);
  const crls = [makeCrl(issuer!, { revoked: [...revoked, [serial]] })];
  const before = process.cpuUsage();
  const { errors } = validateChain(chain, { crls });
  const { user, system } = process.cpuUsage(before);
  assert.deepEqual(
    errors.map(({ code }) => code),
    ['revoked'],
  );
  assert.ok(user + system < 1_000_000, `took ${(user + system) / 1000} ms`);
});

it('answers for a CRL cut at every length', () => {
  const whole = makeCrl(issuer!, { revoked: [[serial, reasonCode(1)]], ...scoped(flag(1)) });
  for (let length = 0; length < whole.length; length += 1)
    assert.equal(validateChain(chain, { crls: [whole.subarray(0, length)] }).verdict, 'invalid');
});
