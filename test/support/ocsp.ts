import { createHash, type KeyObject } from 'node:crypto';
import * as der from './der-writer.js';
import { daysFromNow, signed, spki, type Issued } from './pki.js';

const generalized = (date: Date): Buffer =>
  der.element(0x18, Buffer.from(date.toISOString().replace(/[-:T]|\.\d+/g, '')));
const keyBits = (key: KeyObject): Buffer => {
  const bytes = spki(key);
  return bytes.subarray(2 + 2 + bytes[3]! + 3);
};
const digest = (algorithm: string, bytes: Uint8Array): Buffer => createHash(algorithm).update(bytes).digest();

const good = der.context(0, false);
/** CertStatus unknown. */
export const unknown = der.context(2, false);
/** CertStatus revoked, three days ago. */
export const revoked = (reason?: number): Buffer =>
  der.context(
    1,
    true,
    generalized(daysFromNow(-3)),
    ...(reason === undefined ? [] : [der.context(0, true, der.element(10, Buffer.from([reason])))]),
  );

/** What an OCSP response says; by default that the certificate is good. */
export interface OcspSpec {
  readonly status?: Buffer;
  readonly hash?: 'sha1' | 'sha256';
  readonly signer?: Issued;
  /** What the signature hashes with. */
  readonly digest?: 'sha1' | 'sha256';
  readonly byKey?: boolean;
  readonly certificates?: readonly Issued[];
  readonly thisUpdate?: Date;
  readonly nextUpdate?: Date | null;
  readonly producedAt?: Date;
  readonly extensions?: readonly Buffer[];
  readonly singleExtensions?: readonly Buffer[];
}

const hashOids = { sha1: '1.3.14.3.2.26', sha256: '2.16.840.1.101.3.4.2.1' };
const list = (tag: number, extensions: readonly Buffer[] | undefined): Buffer[] =>
  extensions === undefined ? [] : [der.context(tag, true, der.sequence(...extensions))];

/** An OCSPResponse (RFC 6960 section 4.2.1) about the certificate with this serial number of the CA `of`, by default signed by it. */
export function ocspResponse(of: Issued, serial: bigint, spec: OcspSpec = {}): Buffer {
  const { hash = 'sha1', signer = of, nextUpdate = daysFromNow(3) } = spec;
  const id = der.sequence(
    der.sequence(der.oid(hashOids[hash]), der.nullValue()),
    der.octetString(digest(hash, of.subjectName)),
    der.octetString(digest(hash, keyBits(of.key))),
    der.integer(serial),
  );
  const single = der.sequence(
    id,
    spec.status ?? good,
    generalized(spec.thisUpdate ?? daysFromNow(-1)),
    ...(nextUpdate === null ? [] : [der.context(0, true, generalized(nextUpdate))]),
    ...list(1, spec.singleExtensions),
  );
  const responder = spec.byKey
    ? der.context(2, true, der.octetString(digest('sha1', keyBits(signer.key))))
    : der.context(1, true, signer.subjectName);
  const data = der.sequence(
    responder,
    generalized(spec.producedAt ?? daysFromNow(-1)),
    der.sequence(single),
    ...list(1, spec.extensions),
  );
  const basic = signed(data, signer.key, spec.digest);
  const certs = spec.certificates ?? [];
  const whole =
    certs.length === 0
      ? basic
      : der.sequence(...partsOf(basic), der.context(0, true, der.sequence(...certs.map((one) => one.der))));
  return wrap(whole);
}

/** OCSPResponse around a BasicOCSPResponse. */
const wrap = (basic: Buffer): Buffer =>
  der.sequence(
    der.element(10, Buffer.from([0])),
    der.context(0, true, der.sequence(der.oid('1.3.6.1.5.5.7.48.1.1'), der.octetString(basic))),
  );

/** Contents of a SEQUENCE. */
function partsOf(sequence: Buffer): Buffer[] {
  const header = sequence[1]! < 0x80 ? 2 : 2 + (sequence[1]! & 0x7f);
  return [sequence.subarray(header)];
}
