import * as der from '../../support/der-writer.js';
import { extension } from '../../support/pki.js';
import {
  ext,
  generalName,
  issuerLink,
  leafLink,
  makeChain,
  name,
  rootLink,
  sharedKey,
  type Chain,
  type Link,
  type LinkSpec,
} from '../../support/chain.js';
import { issuingDistributionPoint, makeCrl, reasonCode, type CrlSpec } from '../../support/crl.js';
import { accepts, refuses, testSection, type Case } from '../path/cases.js';

const serial = der.integer(424_242);
const other = der.integer(1);
const flag = (number: number): Buffer => der.context(number, false, Buffer.from([0xff]));
const indirect = { scope: issuingDistributionPoint(flag(4)) };
const certificateIssuer = (common: string): Buffer =>
  extension('2.5.29.29', true, der.sequence(generalName.directory(name(['2.5.4.3', common]))));

/** A case with the CRLs that are made for its chain; no codes: it passes. */
function judged(
  what: string,
  codes: string,
  chain: Chain,
  crls: readonly Buffer[],
  requireCrls = false,
): Case {
  const options = { crls, requireCrls };
  return codes === '' ? accepts(what, () => chain, options) : refuses(what, () => chain, codes, options);
}

/** A leaf whose CRL another CA issues, "CRL Issuer", certified by the leaf's issuer. */
function delegated(crlIssuer: LinkSpec = {}): { readonly chain: Chain; readonly signer: Link } {
  const point = der.sequence(der.context(2, true, generalName.directory(name(['2.5.4.3', 'CRL Issuer']))));
  const chain = makeChain({
    leaf: { serial, extensions: { crls: extension('2.5.29.31', false, der.sequence(point)) } },
  });
  const signer = leafLink(chain.issuers[0]!, {
    subject: name(['2.5.4.3', 'CRL Issuer']),
    key: sharedKey(6),
    ...crlIssuer,
    extensions: { keyUsage: ext.keyUsage(6), ...crlIssuer.extensions },
  });
  return { chain: { ...chain, issuers: [...chain.issuers, signer] }, signer };
}

const listed = { revoked: [[serial, certificateIssuer('Test Issuer 1')]] } as const;

function delegatedCase(what: string, codes: string, spec: CrlSpec, crlIssuer: LinkSpec = {}): Case {
  const { chain, signer } = delegated(crlIssuer);
  return judged(what, codes, chain, [makeCrl(signer, spec)]);
}

testSection('RFC 5280 section 6.3.3 (b) and (f), CRLs of another issuer', [
  delegatedCase('a leaf that the indirect CRL lists', 'revoked', { extensions: indirect, ...listed }),
  delegatedCase('a leaf that it does not list', '', { extensions: indirect, revoked: [] }),
  delegatedCase("a serial number of the CRL issuer's own", '', { extensions: indirect, revoked: [[serial]] }),
  delegatedCase('a CRL that does not say it is indirect, which proves nothing', '', listed),
  delegatedCase(
    'a CRL issuer that may not sign CRLs',
    'crl-not-usable',
    { extensions: indirect },
    { extensions: { keyUsage: ext.keyUsage(0) } },
  ),
  delegatedCase(
    'a CRL issuer that has expired',
    'crl-not-usable',
    { extensions: indirect },
    { notAfter: new Date('2026-05-31T23:59:59Z') },
  ),
  judged('a CRL issuer that another root has certified', 'crl-not-usable', ...strange()),
  judged('a CRL issuer that is revoked', 'crl-not-usable', ...revokedSigner()),
]);

function strange(): [Chain, Buffer[]] {
  const { chain } = delegated();
  const signer = leafLink(rootLink({ subject: 'Other Root', key: sharedKey(7) }), {
    subject: name(['2.5.4.3', 'CRL Issuer']),
    key: sharedKey(6),
    extensions: { keyUsage: ext.keyUsage(6) },
  });
  return [{ ...chain, issuers: [chain.issuers[0]!, signer] }, [makeCrl(signer, { extensions: indirect })]];
}

function revokedSigner(): [Chain, Buffer[]] {
  const { chain, signer } = delegated({ serial: der.integer(77) });
  const crls = [
    makeCrl(signer, { extensions: indirect }),
    makeCrl(chain.issuers[0]!, { extensions: { some: someReasons() }, revoked: [[der.integer(77)]] }),
  ];
  return [chain, crls];
}

/** A scope of keyCompromise and cACompromise. */
function someReasons(): Buffer {
  return issuingDistributionPoint(der.context(3, false, Buffer.from([5, 0x60])));
}

const plain = makeChain({ leaf: { serial } });
const [issuer] = plain.issuers;
const of = (spec: CrlSpec = {}): Buffer => makeCrl(issuer!, spec);
const ofRoot = makeCrl(plain.root, { revoked: [] });
const some = someReasons();
/** All the others. */
const rest = issuingDistributionPoint(der.context(3, false, Buffer.from([7, 0x1f, 0x80])));

testSection('RFC 5280 section 6.3.3, a status for every certificate', [
  judged('a path that CRLs cover', '', plain, [of(), ofRoot], true),
  judged('a leaf that none covers', 'revocation-unknown', plain, [ofRoot], true),
  judged('an issuer that none covers', 'revocation-unknown', plain, [of()], true),
  judged(
    'a leaf for which one covers some reasons',
    'revocation-unknown',
    plain,
    [of({ extensions: { some } }), ofRoot],
    true,
  ),
  judged('it where nobody requires more', '', plain, [of({ extensions: { some } }), ofRoot]),
  judged(
    'two CRLs that cover all reasons',
    '',
    plain,
    [of({ extensions: { some } }), of({ extensions: { rest } }), ofRoot],
    true,
  ),
  judged('a leaf that the second of them lists', 'revoked', plain, [
    of({ extensions: { some } }),
    of({ extensions: { rest }, revoked: [[serial, reasonCode(6)]] }),
  ]),
  judged('one that cannot be relied on beside one of some reasons', 'crl-not-usable', plain, [
    of({ extensions: { some } }),
    of({ extensions: { rest }, nextUpdate: new Date('2026-05-31T12:00:00Z') }),
  ]),
]);

const delta = { delta: extension('2.5.29.27', true, der.integer(1)) };

testSection('RFC 5280 section 5.2.4', [
  judged('a delta CRL beside a good one', 'crl-not-usable', plain, [of(), of({ extensions: delta })]),
  judged('a delta CRL of another CA', '', plain, [
    of(),
    makeCrl({ ...issuer!, subject: name(['2.5.4.3', 'Other']) }, { extensions: delta }),
  ]),
]);

testSection('RFC 5280 section 5.1', [
  judged('a list of version 1', '', plain, [of({ isV1: true, extensions: { aki: null, number: null } })]),
  judged('a leaf in a list of version 1', 'revoked', plain, [
    of({ isV1: true, extensions: { aki: null, number: null }, revoked: [[serial]] }),
  ]),
  judged('extensions in a list of version 1', 'crl-not-usable', plain, [of({ isV1: true })]),
  judged('thisUpdate as GeneralizedTime', '', plain, [
    of({ thisUpdate: der.element(0x18, Buffer.from('20260531000000Z')) }),
  ]),
  judged('an unknown extension that is no DER', '', plain, [
    of({ extensions: { odd: der.sequence(der.oid('1.2.3.4'), der.octetString(Buffer.from('beef'))) } }),
  ]),
  judged('an unknown entry extension that is no DER', '', plain, [
    of({ revoked: [[other, der.sequence(der.oid('1.2.3.4'), der.octetString(Buffer.from('beef')))]] }),
  ]),
  judged('a scope of nothing', 'crl-not-usable', plain, [
    of({ extensions: { scope: issuingDistributionPoint() } }),
  ]),
  judged('a scope of users only and CAs only', 'crl-not-usable', plain, [
    of({ extensions: { scope: issuingDistributionPoint(flag(1), flag(2)) } }),
  ]),
]);

const negative = makeChain({ leaf: { serial: der.integer(-1) } });

testSection(
  'RFC 5280 section 4.1.2.2, serial numbers that are negative',
  [
    judged('the positive one of the same octets', '', negative, [
      makeCrl(negative.issuers[0]!, { revoked: [[der.integer(255)]] }),
    ]),
    judged('itself', 'revoked', negative, [makeCrl(negative.issuers[0]!, { revoked: [[der.integer(-1)]] })]),
    judged('the positive one in an indirect CRL', '', negative, [
      makeCrl(negative.issuers[0]!, { extensions: indirect, revoked: [[der.integer(255)]] }),
    ]),
  ].map((one) => ({ ...one, options: { ...one.options, profile: 'rfc5280' as const } })),
);

const shard = issuingDistributionPoint(
  der.context(0, true, der.context(0, true, generalName.directory(name(['2.5.4.3', 'Test Issuer 1'])))),
);

testSection("RFC 5280 section 6.3.3, the point under the issuer's own name", [
  judged('a leaf without points that it lists', 'revoked', plain, [
    of({ extensions: { shard }, revoked: [[serial]] }),
  ]),
  judged('a leaf with a second key of the CA', 'revoked', withSecondKey(), [secondKeyCrl()]),
]);

function secondKey(): Link {
  return issuerLink(plain.root, { subject: issuer!.subject, key: sharedKey(6) });
}

function withSecondKey(): Chain {
  return { ...plain, issuers: [...plain.issuers, secondKey()] };
}

function secondKeyCrl(): Buffer {
  return makeCrl(secondKey(), { revoked: [[serial]] });
}
