import assert from 'node:assert/strict';
import { it } from 'node:test';
import * as der from '../../support/der-writer.js';
import { validatePath } from '../../../src/x509/path/validate.js';
import {
  chainTime,
  ext,
  generalName,
  issuerLink,
  leafLink,
  makeChain,
  nameConstraints,
  rootLink,
  sharedKey,
  type Chain,
  type Link,
  type LinkSpec,
} from '../../support/chain.js';
import { accepts, refuses, storeOf, testSection, validateChain } from './cases.js';

const expired: LinkSpec = { notAfter: new Date('2026-01-01T00:00:00Z') };
const forOthers: LinkSpec = { extensions: { nc: nameConstraints([generalName.dns('example.net')]) } };
const serverSubject = 'www.example.com';

/** Two roots that both certify one issuer; only the first is trusted. */
function twoRoots(first: LinkSpec, second: LinkSpec): Chain {
  const root = rootLink();
  const other = rootLink({ subject: 'Other Root', key: sharedKey(2) });
  const issuers = [issuerLink(other, second), issuerLink(root, first)];
  return { root, issuers, leaf: leafLink(issuers[0]!) };
}

/** A ring of CAs that certify one another, with or without a way to the root. */
function ring(length: number, isRooted: boolean): Chain {
  const root = rootLink();
  const cas = Array.from({ length }, (_, at) =>
    issuerLink(root, { subject: `Ring ${at}`, key: sharedKey(10 + at) }),
  );
  const around = cas.map((ca, at) =>
    issuerLink(cas[(at + 1) % length]!, { subject: `Ring ${at}`, key: ca.key }),
  );
  return { root, issuers: isRooted ? [...around, cas[0]!] : around, leaf: leafLink(cas[length - 1]!) };
}

/** CAs below one another, without key identifiers, none below the root. */
function unrooted(count: number, sameSubject: boolean, sameKey: boolean): Chain {
  const bare = { aki: null, ski: null };
  const at = (index: number): LinkSpec => ({
    subject: sameSubject ? 'Pathological' : `Pathological ${index}`,
    key: sharedKey(sameKey ? 20 : 20 + index),
    extensions: bare,
  });
  const issuers = [rootLink(at(0))];
  for (let index = 1; index < count; index += 1) issuers.unshift(issuerLink(issuers[0]!, at(index)));
  return { root: rootLink(), issuers, leaf: leafLink(issuers[0]!) };
}

testSection('RFC 4158 section 2', [
  accepts('issuers in any order', () => reversed(makeChain({ issuers: [{}, {}, {}] }))),
  accepts('issuers that have nothing to do with it', () =>
    withMore(makeChain(), issuerLink(rootLink({ subject: 'X', key: sharedKey(3) }), { subject: 'Y' })),
  ),
  accepts('bytes among the issuers that are no certificate', () =>
    withMore(makeChain(), { ...makeChain().leaf, der: Buffer.from('not DER') }),
  ),
  accepts('the root among the issuers', () => ({
    ...makeChain(),
    issuers: [makeChain().root, ...makeChain().issuers],
  })),
  accepts('the leaf among the issuers', () => withMore(makeChain(), makeChain().leaf)),
  refuses('a leaf whose issuer is not given', () => ({ ...makeChain(), issuers: [] }), 'no-issuer'),
  refuses(
    'a chain to a root that is not trusted',
    () => ({ ...makeChain(), root: rootLink({ subject: 'Other', key: sharedKey(2) }) }),
    'no-issuer',
  ),
  refuses(
    'a chain to a root of the same name with another key',
    () => ({ ...makeChain(), root: rootLink({ key: sharedKey(2) }) }),
    'bad-signature',
  ),
  accepts('an issuer that is trusted itself', () => ({
    ...makeChain(),
    root: makeChain().issuers[0]!,
    issuers: [],
  })),
  accepts('an issuer that is trusted itself, its expired root beside it', () => ({
    root: makeChain().issuers[0]!,
    issuers: [rootLink(expired)],
    leaf: makeChain().leaf,
  })),
]);

testSection('RFC 4158 section 2.4', [
  accepts('the trusted one of two roots', () => twoRoots({}, {})),
  accepts('the good one of two certificates of an issuer, the other expired', () => twoRoots({}, expired)),
  accepts('the good one, the other constrained to other names', () => twoRoots({}, forOthers)),
  refuses('the expired one where it is the only trusted way', () => twoRoots(expired, {}), 'expired'),
  refuses(
    'the constrained one where it is the only trusted way',
    () => twoRoots(forOthers, {}),
    'name-not-permitted',
  ),
  accepts('a renewed issuer beside the expired one', () => besideExpired()),
  accepts('a root beside its expired cross-certificate', () => crossSigned()),
]);

function besideExpired(): Chain {
  const { root } = makeChain();
  const issuers = [issuerLink(root, expired), issuerLink(root)];
  return { root, issuers, leaf: leafLink(issuers[1]!) };
}

function crossSigned(): Chain {
  const root = rootLink();
  const older = rootLink({ subject: 'Older Root', key: sharedKey(2) });
  const cross = issuerLink(older, { ...expired, subject: root.subject, key: root.key });
  return { root, issuers: [cross, older], leaf: leafLink(root) };
}

testSection('RFC 4158 section 3.5 and limits of our own', [
  accepts('a ring of CAs with a way out', () => ring(4, true)),
  refuses('a ring of CAs without one', () => ring(4, false), 'no-issuer'),
  refuses('a ring of two', () => ring(2, false), 'no-issuer'),
  accepts('eight issuers', { issuers: Array.from({ length: 8 }, () => ({})) }),
  refuses('nine issuers', { issuers: Array.from({ length: 9 }, () => ({})) }, 'path-too-long'),
  accepts('no issuer where none is allowed', { issuers: [] }, { maxIntermediates: 0 }),
  refuses('an issuer where none is allowed', {}, 'path-too-long', { maxIntermediates: 0 }),
  accepts(
    'a self-issued one beside the one allowed',
    { issuers: [{ subject: 'Same' }, { subject: 'Same' }] },
    { maxIntermediates: 1 },
  ),
  refuses('two issuers where one is allowed', { issuers: [{}, {}] }, 'path-too-long', {
    maxIntermediates: 1,
  }),
]);

testSection('RFC 5280 section 6.1, the leaf is the anchor', [
  accepts("a self-signed server certificate in the operator's file", ownAnchor),
  refuses('one that has expired', () => ownAnchor(expired), 'expired'),
  refuses(
    'one that is a CA',
    () =>
      ownAnchor({
        extensions: { basicConstraints: ext.basicConstraints(true), keyUsage: ext.keyUsage(0, 5), eku: null },
      }),
    'leaf-is-ca',
  ),
]);

testSection('RFC 5280 section 6.1, CAs judged as such', [
  accepts('an issuer', () => asCa(makeChain()), { purpose: 'ca' }),
  accepts('a root that is trusted', () => rootAlone(), { purpose: 'ca' }),
  accepts(
    'a vetted root, whatever its own form',
    () => rootAlone({ serial: der.integer(-1), hash: 'sha1' }),
    {
      purpose: 'ca',
      isPublic: true,
    },
  ),
  refuses(
    "a root of the operator's with a negative serial number",
    () => rootAlone({ serial: der.integer(-1) }),
    'bad-serial-number',
    { purpose: 'ca', profile: 'web-pki' },
  ),
  refuses('an end entity', () => makeChain(), 'not-a-ca key-usage-without-cert-sign', { purpose: 'ca' }),
  refuses('an issuer below an expired root', () => asCa(makeChain({ root: expired })), 'expired', {
    purpose: 'ca',
  }),
]);

function asCa(chain: Chain): Chain {
  return { ...chain, leaf: chain.issuers[0]!, issuers: [] };
}

function rootAlone(spec: LinkSpec = {}): Chain {
  const root = rootLink(spec);
  return { root, issuers: [], leaf: root };
}

function ownAnchor(spec: LinkSpec = {}): Chain {
  const self = { subject: serverSubject, ...leafExtensions(spec) };
  const leaf = rootLink(self);
  return { root: leaf, issuers: [], leaf };
}

function leafExtensions(spec: LinkSpec): LinkSpec {
  const usual = {
    basicConstraints: ext.basicConstraints(false),
    keyUsage: ext.keyUsage(0),
    eku: ext.eku(['1.3.6.1.5.5.7.3.1']),
    san: ext.dns(serverSubject),
  };
  return { ...spec, extensions: { ...usual, ...spec.extensions } };
}

function reversed(chain: Chain): Chain {
  return { ...chain, issuers: chain.issuers.toReversed() };
}

function withMore(chain: Chain, ...more: readonly Link[]): Chain {
  return { ...chain, issuers: [...more, ...chain.issuers] };
}

for (const [sameSubject, sameKey] of [
  [true, true],
  [true, false],
  [false, true],
  [false, false],
] as const)
  it(`ends within a second on 100 CAs with ${sameSubject ? 'one name' : 'names of their own'} and ${sameKey ? 'one key' : 'keys of their own'}`, () => {
    const chain = unrooted(100, sameSubject, sameKey);
    const start = performance.now();
    assert.equal(validateChain(chain).verdict, 'invalid');
    assert.ok(performance.now() - start < 3000, `took ${performance.now() - start} ms`);
  });

it('ends within a second on a mesh of 12 CAs that all certify one another', () => {
  const heads = Array.from({ length: 12 }, (_, at) =>
    rootLink({ subject: `Mesh ${at}`, key: sharedKey(20 + at) }),
  );
  const mesh = heads.flatMap((issuer) =>
    heads
      .filter((head) => head !== issuer)
      .map(({ key }, at) => issuerLink(issuer, { subject: heads[at]!.subject, key })),
  );
  const start = performance.now();
  const { errors } = validateChain({ root: rootLink(), issuers: mesh, leaf: leafLink(heads[0]!) });
  assert.ok(
    errors.some(
      ({ code }) => code === 'search-exhausted' || code === 'path-too-long' || code === 'no-issuer',
    ),
  );
  assert.ok(performance.now() - start < 3000);
});

it('names the store, its date and the path it found', () => {
  const chain = makeChain();
  const validation = validateChain(chain);
  assert.equal(validation.rootStore, 'test 2026-06-01');
  assert.equal(validation.path.length, 3);
});

it('tells all errors of the path with the fewest', () => {
  const chain = makeChain({ issuers: [expired], leaf: { extensions: { eku: null } } });
  const codes = validateChain(chain, { host: 'other.example' }).errors.map(({ code }) => code);
  assert.deepEqual(codes, ['expired', 'extended-key-usage-missing', 'name-mismatch']);
});

it('answers for an empty store and an empty input', () => {
  const request = {
    intermediates: [],
    rootStore: storeOf(),
    at: chainTime,
    purpose: 'server',
    host: null,
  } as const;
  assert.deepEqual(
    validatePath({ ...request, certificate: new Uint8Array() }).errors.map(({ code }) => code),
    ['malformed-certificate'],
  );
  assert.deepEqual(
    validatePath({ ...request, certificate: makeChain().leaf.der }).errors.map(({ code }) => code),
    ['no-issuer'],
  );
});
