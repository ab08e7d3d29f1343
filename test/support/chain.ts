import { createHash, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import ipaddr from 'ipaddr.js';
import * as der from './der-writer.js';
import { commonName, extension, signatureAlgorithm, signed } from './pki.js';

/** Makes certification paths of which every part can be replaced, for tests of path validation. */

/** One certificate with what is needed to issue below it. */
export interface Link {
  readonly der: Buffer;
  readonly key: KeyObject;
  /** DER of the subject Name. */
  readonly subject: Buffer;
}

/** What to change in a link; everything else is as it should be. */
export interface LinkSpec {
  readonly subject?: Buffer | string;
  /** DER of the issuer Name; default: the issuer's subject. */
  readonly issuer?: Buffer;
  readonly key?: KeyObject;
  /** DER of SubjectPublicKeyInfo; default: that of the key. */
  readonly spki?: Buffer;
  /** DER of the version field; null leaves it out. */
  readonly version?: Buffer | null;
  /** DER of the serial number. */
  readonly serial?: Buffer;
  /** Instants, or DER. */
  readonly notBefore?: Date | Buffer;
  readonly notAfter?: Date | Buffer;
  /** DER of what stands between the key and the extensions. */
  readonly uniqueIds?: Buffer;
  /** Extensions by short name: DER of the Extension, or null to leave it out. */
  readonly extensions?: Readonly<Record<string, Buffer | null>>;
  /** No extensions field at all. */
  readonly bare?: boolean;
  readonly hash?: string;
  /** DER of the AlgorithmIdentifier within what is signed; default: the one outside. */
  readonly innerAlgorithm?: Buffer;
  /** Changes the finished certificate. */
  readonly mangle?: (certificate: Buffer) => Buffer;
}

/** The instant at which the chains below are valid. */
export const chainTime = new Date('2026-06-01T12:00:00Z');

/** Keys that tests share, for making them takes time; the same index gives the same P-256 key. */
export function sharedKey(index: number): KeyObject {
  while (keys.length <= index) keys.push(generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey);
  return keys[index]!;
}
const keys: KeyObject[] = [];

/** Key identifier of a key: 20 octets of a hash. */
export function keyIdOf(key: KeyObject): Buffer {
  return createHash('sha256').update(spkiOf(key)).digest().subarray(0, 20);
}

/** DER of the SubjectPublicKeyInfo of a private key. */
export function spkiOf(key: KeyObject): Buffer {
  return createPublicKey(key).export({ type: 'spki', format: 'der' });
}

/** DER of one RelativeDistinguishedName each: `name(['2.5.4.10', 'Example'], ['2.5.4.3', 'x'])`. */
export function name(...attributes: readonly (readonly [type: string, text: string])[]): Buffer {
  return der.sequence(
    ...attributes.map(([type, text]) => der.set(der.sequence(der.oid(type), der.utf8String(text)))),
  );
}

/** DER of GeneralNames of each form. */
export const generalName = {
  other: (oid: string): Buffer =>
    der.context(0, true, der.oid(oid), der.context(0, true, der.utf8String('x'))),
  email: (text: string): Buffer => der.context(1, false, Buffer.from(text, 'latin1')),
  dns: (text: string): Buffer => der.context(2, false, Buffer.from(text, 'latin1')),
  directory: (subject: Buffer): Buffer => der.context(4, true, subject),
  uri: (text: string): Buffer => der.context(6, false, Buffer.from(text, 'latin1')),
  ip: (address: string): Buffer => der.context(7, false, Buffer.from(ipaddr.parse(address).toByteArray())),
  octets: (...octets: readonly number[]): Buffer => der.context(7, false, Buffer.from(octets)),
  registeredId: (): Buffer => der.context(8, false, Buffer.from([0x2a, 3])),
} as const;

/** DER of a NameConstraints extension. */
export function nameConstraints(
  permitted: readonly Buffer[] | null,
  excluded: readonly Buffer[] | null = null,
  critical = true,
): Buffer {
  const list = (number: number, bases: readonly Buffer[] | null): Buffer[] =>
    bases === null ? [] : [der.context(number, true, ...bases.map((base) => der.sequence(base)))];
  return extension('2.5.29.30', critical, der.sequence(...list(0, permitted), ...list(1, excluded)));
}

/** DER of extensions that tests vary. */
export const ext = {
  san: (names: readonly Buffer[], critical = false): Buffer =>
    extension('2.5.29.17', critical, der.sequence(...names)),
  dns: (...names: readonly string[]): Buffer => ext.san(names.map(generalName.dns)),
  basicConstraints: (isCa: boolean, pathLength?: number, critical = true): Buffer =>
    extension(
      '2.5.29.19',
      critical,
      der.sequence(
        ...(isCa ? [der.boolean(true)] : []),
        ...(pathLength === undefined ? [] : [der.integer(pathLength)]),
      ),
    ),
  /** Bits by position: 0 digitalSignature, 2 keyEncipherment, 5 keyCertSign, 6 cRLSign. */
  keyUsage: (...bits: readonly number[]): Buffer =>
    extension(
      '2.5.29.15',
      true,
      bits.length === 0
        ? der.bitString(Buffer.alloc(0))
        : der.bitString(
            Buffer.from([bits.reduce((mask, bit) => mask | (0x80 >> bit), 0)]),
            7 - Math.max(...bits),
          ),
    ),
  eku: (oids: readonly string[], critical = false): Buffer =>
    extension('2.5.29.37', critical, der.sequence(...oids.map(der.oid))),
  ski: (id: Buffer, critical = false): Buffer => extension('2.5.29.14', critical, der.octetString(id)),
  aki: (id: Buffer | null, more: readonly Buffer[] = [], critical = false): Buffer =>
    extension(
      '2.5.29.35',
      critical,
      der.sequence(...(id === null ? [] : [der.context(0, false, id)]), ...more),
    ),
  policies: (...oids: readonly string[]): Buffer =>
    extension('2.5.29.32', false, der.sequence(...oids.map((oid) => der.sequence(der.oid(oid))))),
  mappings: (...pairs: readonly (readonly [string, string])[]): Buffer =>
    extension(
      '2.5.29.33',
      true,
      der.sequence(...pairs.map(([a, b]) => der.sequence(der.oid(a), der.oid(b)))),
    ),
  policyConstraints: (explicit: number | null, mapping: number | null = null, critical = true): Buffer =>
    extension(
      '2.5.29.36',
      critical,
      der.sequence(
        ...[explicit, mapping].flatMap((value, number) =>
          value === null ? [] : [der.context(number, false, Buffer.from([value]))],
        ),
      ),
    ),
  inhibitAny: (skip: number, critical = true): Buffer => extension('2.5.29.54', critical, der.integer(skip)),
  unknown: (critical: boolean): Buffer => extension('1.3.6.1.4.1.55555.1', critical, der.nullValue()),
} as const;

/** Purposes of extendedKeyUsage. */
export const eku = {
  any: '2.5.29.37.0',
  server: '1.3.6.1.5.5.7.3.1',
  client: '1.3.6.1.5.5.7.3.2',
  codeSigning: '1.3.6.1.5.5.7.3.3',
  email: '1.3.6.1.5.5.7.3.4',
  ocsp: '1.3.6.1.5.5.7.3.9',
} as const;

interface Kind {
  readonly isCa: boolean;
  readonly notBefore: Date;
  readonly notAfter: Date;
  readonly extensions: Readonly<Record<string, Buffer>>;
}

let serials = 1000n;

function link(spec: LinkSpec, signer: Link | null, kind: Kind, key: KeyObject): Link {
  const subject = typeof spec.subject === 'string' ? commonName(spec.subject) : spec.subject!;
  const signerKey = signer?.key ?? key;
  const algorithm = signatureAlgorithm(signerKey, spec.hash ?? 'sha256');
  const usual: Record<string, Buffer | null> = {
    ski: ext.ski(keyIdOf(key)),
    ...(signer === null ? {} : { aki: ext.aki(keyIdOf(signer.key)) }),
    ...kind.extensions,
  };
  const extensions = Object.values({ ...usual, ...spec.extensions }).filter((item) => item !== null);
  const time = (value: Date | Buffer): Buffer => (value instanceof Date ? der.time(value) : value);
  serials += 1n;
  const version = spec.version === undefined ? der.context(0, true, der.integer(2)) : spec.version;
  const tbs = der.sequence(
    ...(version === null ? [] : [version]),
    spec.serial ?? der.integer(serials),
    spec.innerAlgorithm ?? algorithm,
    spec.issuer ?? signer?.subject ?? subject,
    der.sequence(time(spec.notBefore ?? kind.notBefore), time(spec.notAfter ?? kind.notAfter)),
    subject,
    spec.spki ?? spkiOf(key),
    ...(spec.uniqueIds === undefined ? [] : [spec.uniqueIds]),
    ...(spec.bare === true ? [] : [der.context(3, true, der.sequence(...extensions))]),
  );
  const finished = signed(tbs, signerKey, spec.hash ?? 'sha256');
  return { der: spec.mangle?.(finished) ?? finished, key, subject };
}

const authority: Readonly<Record<string, Buffer>> = {
  basicConstraints: ext.basicConstraints(true),
  keyUsage: ext.keyUsage(5, 6),
};

/** A root that signs itself, named `Test Root`, key 0. */
export function rootLink(spec: LinkSpec = {}): Link {
  const kind = {
    isCa: true,
    notBefore: new Date('2020-01-01T00:00:00Z'),
    notAfter: new Date('2040-01-01T00:00:00Z'),
    extensions: authority,
  };
  return link({ subject: 'Test Root', ...spec }, null, kind, spec.key ?? sharedKey(0));
}

/** A CA below `signer`, named `Test Issuer`, key 1. */
export function issuerLink(signer: Link, spec: LinkSpec = {}): Link {
  const kind = {
    isCa: true,
    notBefore: new Date('2021-01-01T00:00:00Z'),
    notAfter: new Date('2039-01-01T00:00:00Z'),
    extensions: authority,
  };
  return link({ subject: 'Test Issuer', ...spec }, signer, kind, spec.key ?? sharedKey(1));
}

/** A server certificate for www.example.com below `signer`, key 9. */
export function leafLink(signer: Link, spec: LinkSpec = {}): Link {
  const kind = {
    isCa: false,
    notBefore: new Date('2026-05-01T00:00:00Z'),
    notAfter: new Date('2026-07-29T00:00:00Z'),
    extensions: {
      basicConstraints: ext.basicConstraints(false),
      keyUsage: ext.keyUsage(0),
      eku: ext.eku([eku.server, eku.client]),
      san: ext.dns('www.example.com'),
    },
  };
  return link({ subject: 'www.example.com', ...spec }, signer, kind, spec.key ?? sharedKey(9));
}

/** What to change in a chain. */
export interface ChainSpec {
  readonly root?: LinkSpec;
  readonly issuers?: readonly LinkSpec[];
  readonly leaf?: LinkSpec;
}

/** A leaf, the CAs above it (nearest first) and the root. */
export interface Chain {
  readonly leaf: Link;
  readonly issuers: readonly Link[];
  readonly root: Link;
}

/** A path of a root, CAs from the top down (default: one), and a leaf. CA number i is `Test Issuer i`, key i. */
export function makeChain(
  spec: { readonly root?: LinkSpec; readonly issuers?: readonly LinkSpec[]; readonly leaf?: LinkSpec } = {},
): Chain {
  const root = rootLink(spec.root);
  const issuers: Link[] = [];
  for (const [index, issuer] of (spec.issuers ?? [{}]).entries())
    issuers.unshift(
      issuerLink(issuers[0] ?? root, {
        subject: `Test Issuer ${index + 1}`,
        key: sharedKey(index + 1),
        ...issuer,
      }),
    );
  return { root, issuers, leaf: leafLink(issuers[0] ?? root, spec.leaf) };
}

/** A chain whose issuer permits and excludes, and whose leaf has these alternative names beside www.example.com. */
export function constrained(
  permitted: readonly Buffer[] | null,
  names: readonly Buffer[],
  excluded: readonly Buffer[] | null = null,
  leaf: LinkSpec = {},
): ChainSpec {
  return {
    issuers: [{ extensions: { nc: nameConstraints(permitted, excluded) } }],
    leaf: {
      ...leaf,
      extensions: { san: ext.san([generalName.dns('www.example.com'), ...names]), ...leaf.extensions },
    },
  };
}
