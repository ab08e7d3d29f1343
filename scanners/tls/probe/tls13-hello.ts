import { randomBytes } from 'node:crypto';
import { clientHello, extensions, versions, type Extension } from '../wire/client-hello.js';
import { signatureSchemes } from './fast-probe.js';
import { computableGroups, keyShare, openableSuites } from './tls13-keys.js';

/** What a HelloRetryRequest changes; null keeps the shares, or leaves the cookie out. */
export interface Retry {
  readonly group: number | null;
  readonly cookie: Uint8Array | null;
}

/** Groups whose shares a hello carries: at first what nearly every server takes. */
export function sharedGroups(retry: Retry | null): readonly number[] {
  return retry === null || retry.group === null ? [29, 23] : [retry.group];
}

/**
 * Makes the hellos of one connection to TLS 1.3: the first, and the one a HelloRetryRequest asks for, which differs in
 * key_share and cookie only (RFC 8446 section 4.1.2).
 */
export function tls13Hellos(serverName: string | null): (retry: Retry | null) => Buffer {
  const random = randomBytes(32);
  return (retry) => {
    const cookie = retry?.cookie ?? null;
    const shares = sharedGroups(retry).flatMap((group) => keyShare(group) ?? []);
    return clientHello({
      version: versions['TLSv1.2'],
      // Section 5.1: TLS 1.0 on the record of a first hello only.
      recordVersion: retry === null ? versions.TLSv1 : versions['TLSv1.2'],
      random,
      cipherSuites: openableSuites,
      sessionId: Buffer.alloc(32, 0x2a), // middlebox compatibility, appendix D.4
      extensions: [
        ...extensions.serverName(serverName),
        extensions.supportedGroups(computableGroups),
        extensions.signatureAlgorithms(signatureSchemes),
        extensions.statusRequest,
        extensions.signedCertificateTimestamp,
        extensions.supportedVersions([versions['TLSv1.3']]),
        ...(cookie === null ? [] : [[cookieType, cookie] satisfies Extension]),
        extensions.pskKeyExchangeModes,
        extensions.keyShare(shares.map(({ group, share }) => [group, share])),
      ],
    });
  };
}

/** Number of the extension cookie (RFC 8446 section 4.2.2). */
export const cookieType = 44;
