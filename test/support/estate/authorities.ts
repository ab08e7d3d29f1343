import { createHash } from 'node:crypto';
import type { Certificate } from '../../../src/model/certificate.js';
import { readCertificate } from '../../../src/x509/read/read-certificate.js';
import * as der from '../der-writer.js';
import { extension, subjectAltName } from '../pki.js';
import { seededKey, signSeeded, type SeededKey } from './ecdsa.js';

/** A CA of the estate. */
export interface Authority {
  readonly id: string;
  readonly subjectName: Buffer;
  readonly key: SeededKey;
  readonly certificate: Certificate;
  /** Its certificates are logged, as those of public CAs are. */
  readonly isLogged: boolean;
  readonly lifetimeDays: number;
}

/** A CT log of the estate. */
export interface SimulatedLog {
  readonly id: string;
  readonly description: string;
  readonly operator: string;
}

/** What a leaf says. */
export interface LeafSpec {
  readonly authority: Authority;
  readonly names: readonly string[];
  readonly notBefore: Date;
  readonly notAfter: Date;
  readonly key: SeededKey;
  readonly serial: string;
  /** Logs of its embedded SCTs; empty: it has no list. */
  readonly logs: readonly SimulatedLog[];
}

const dayMs = 86_400_000;
const ecdsaWithSha256 = der.sequence(der.oid('1.2.840.10045.4.3.2'));
const sctListOid = '1.3.6.1.4.1.11129.2.4.2';
const poison = extension('1.3.6.1.4.1.11129.2.4.3', true, der.nullValue());

const authorityTable = [
  ['northgate', 'Northgate TLS CA R3', 'Northgate Trust', true, 90],
  ['lakeside', 'Lakeside WE1', 'Lakeside Trust Services', true, 45],
  ['harbour', 'Harbour OV CA 2', 'Harbour Certification', true, 150],
  ['corporate', 'Example Corp Issuing CA 3', 'Example Corp', false, 60],
  ['quickcert', 'QuickCert DV CA', 'QuickCert', true, 90],
] as const;

/** Id of a CA: four that the operator uses, and `quickcert`, which only attackers and the careless do. */
export type AuthorityId = (typeof authorityTable)[number][0];

/** The five CAs; each is a root that signs leaves itself. */
export function authoritiesOf(seed: string, start: Date): Readonly<Record<AuthorityId, Authority>> {
  const made = authorityTable.map(([id, name, organization, isLogged, lifetimeDays]): [string, Authority] => {
    const key = seededKey(`${seed} ca ${id}`);
    const subjectName = nameOf([
      ['2.5.4.6', 'NL'],
      ['2.5.4.10', organization],
      ['2.5.4.3', name],
    ]);
    const bytes = signedBy(key, [
      der.integer(serialOf(`${seed} ${id}`)),
      subjectName,
      new Date(start.getTime() - 900 * dayMs),
      new Date(start.getTime() + 3_000 * dayMs),
      subjectName,
      key.spki,
      [
        extension('2.5.29.19', true, der.sequence(der.boolean(true))),
        extension('2.5.29.15', true, der.bitString(Buffer.from([0x06]), 1)),
        extension('2.5.29.14', false, der.octetString(keyIdOf(key))),
      ],
    ]);
    return [id, { id, subjectName, key, certificate: readCertificate(bytes), isLogged, lifetimeDays }];
  });
  return Object.fromEntries(made) as Record<AuthorityId, Authority>;
}

/** A leaf and, where it is logged, the precertificate that went to the logs before. */
export function issueLeaf(spec: LeafSpec): { certificate: Certificate; precertificate: Certificate | null } {
  const { authority, names, notBefore, notAfter, key, logs } = spec;
  const make = (last: readonly Buffer[]): Certificate =>
    readCertificate(
      signedBy(authority.key, [
        der.integer(serialOf(spec.serial)),
        authority.subjectName,
        notBefore,
        notAfter,
        nameOf([['2.5.4.3', names[0]!]]),
        key.spki,
        [
          extension('2.5.29.19', true, der.sequence()),
          extension('2.5.29.15', true, der.bitString(Buffer.from([0x80]), 7)),
          extension('2.5.29.35', false, der.sequence(der.context(0, false, keyIdOf(authority.key)))),
          extension('2.5.29.37', false, der.sequence(der.oid('1.3.6.1.5.5.7.3.1'))),
          extension('2.5.29.17', false, subjectAltName(names)),
          ...last,
        ],
      ]),
    );
  if (logs.length === 0) return { certificate: make([]), precertificate: null };
  return {
    precertificate: make([poison]),
    certificate: make([extension(sctListOid, false, der.octetString(sctList(logs, notBefore)))]),
  };
}

type Parts = readonly [Buffer, Buffer, Date, Date, Buffer, Buffer, readonly Buffer[]];

function signedBy(key: SeededKey, [serial, issuer, from, to, subject, spki, extensions]: Parts): Buffer {
  const tbs = der.sequence(
    der.context(0, true, der.integer(2)),
    serial,
    ecdsaWithSha256,
    issuer,
    der.sequence(der.time(from), der.time(to)),
    subject,
    spki,
    der.context(3, true, der.sequence(...extensions)),
  );
  return der.sequence(tbs, ecdsaWithSha256, der.bitString(signSeeded(tbs, key)));
}

function nameOf(attributes: readonly (readonly [string, string])[]): Buffer {
  return der.sequence(
    ...attributes.map(([oid, text]) =>
      der.set(
        der.sequence(der.oid(oid), oid === '2.5.4.6' ? der.printableString(text) : der.utf8String(text)),
      ),
    ),
  );
}

function serialOf(seed: string): bigint {
  return BigInt(`0x5${createHash('sha256').update(seed).digest('hex').slice(0, 31)}`);
}

function keyIdOf({ spki }: SeededKey): Buffer {
  return createHash('sha256').update(spki).digest().subarray(0, 20);
}

/** SignedCertificateTimestampList (RFC 6962 section 3.3); its signatures have the form only. */
function sctList(logs: readonly SimulatedLog[], at: Date): Buffer {
  const signature = der.sequence(der.integer(1), der.integer(1));
  const scts = logs.map(({ id }) => {
    const body = Buffer.alloc(43);
    Buffer.from(id, 'base64').copy(body, 1);
    body.writeBigUInt64BE(BigInt(at.getTime()), 33);
    const sct = Buffer.concat([body, Buffer.from([4, 3, 0, signature.length]), signature]);
    return Buffer.concat([Buffer.from([sct.length >> 8, sct.length & 255]), sct]);
  });
  const all = Buffer.concat(scts);
  return Buffer.concat([Buffer.from([all.length >> 8, all.length & 255]), all]);
}
