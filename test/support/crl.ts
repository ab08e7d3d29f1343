import * as der from './der-writer.js';
import type { Link } from './chain.js';
import { ext, keyIdOf } from './chain.js';
import { extension, signatureAlgorithm, signed } from './pki.js';

/** What to change in a CRL; everything else is as it should be. */
export interface CrlSpec {
  /** DER of the issuer Name; default: that of the signer. */
  readonly issuer?: Buffer;
  /** Revoked serial numbers, as DER of INTEGER, each with DER of entry extensions. */
  readonly revoked?: readonly (readonly [serial: Buffer, ...extensions: Buffer[]])[];
  /** As it is written, or the instant. */
  readonly thisUpdate?: Date | Buffer;
  readonly nextUpdate?: Date | null;
  /** DER of Extensions beside, or instead of, the key identifier and number. */
  readonly extensions?: Readonly<Record<string, Buffer | null>>;
  /** Version 1: no version field. */
  readonly isV1?: boolean;
  readonly mangle?: (crl: Buffer) => Buffer;
}

/** A CRL signed by a CA, valid throughout June 2026. */
export function makeCrl(signer: Link, spec: CrlSpec = {}): Buffer {
  const usual: Record<string, Buffer | null> = {
    aki: ext.aki(keyIdOf(signer.key)),
    number: extension('2.5.29.20', false, der.integer(7)),
  };
  const extensions = Object.values({ ...usual, ...spec.extensions }).filter((item) => item !== null);
  const entries = (spec.revoked ?? []).map(([serial, ...more]) =>
    der.sequence(
      serial,
      der.time(new Date('2026-05-20T00:00:00Z')),
      ...(more.length > 0 ? [der.sequence(...more)] : []),
    ),
  );
  const nextUpdate = spec.nextUpdate === undefined ? new Date('2026-06-30T00:00:00Z') : spec.nextUpdate;
  const thisUpdate = spec.thisUpdate ?? new Date('2026-05-31T00:00:00Z');
  const tbs = der.sequence(
    ...(spec.isV1 === true ? [] : [der.integer(1)]),
    signatureAlgorithm(signer.key, 'sha256'),
    spec.issuer ?? signer.subject,
    thisUpdate instanceof Date ? der.time(thisUpdate) : thisUpdate,
    ...(nextUpdate === null ? [] : [der.time(nextUpdate)]),
    ...(entries.length > 0 ? [der.sequence(Buffer.concat(entries))] : []),
    ...(extensions.length > 0 ? [der.context(0, true, der.sequence(...extensions))] : []),
  );
  const finished = signed(tbs, signer.key);
  return spec.mangle?.(finished) ?? finished;
}

/** DER of a reasonCode entry extension (RFC 5280 section 5.3.1). */
export function reasonCode(reason: number): Buffer {
  return extension('2.5.29.21', false, der.element(0x0a, Buffer.from([reason])));
}

/** DER of an IssuingDistributionPoint extension with these fields. */
export function issuingDistributionPoint(...fields: readonly Buffer[]): Buffer {
  return extension('2.5.29.28', true, der.sequence(...fields));
}
