import type { VersionFacts } from '../../../src/model/survey.js';
import { cipherSuiteName, legacyCipherSuites, tls13CipherSuites } from '../wire/cipher-suites.js';
import { clientHello, extensions, versions, type Extension } from '../wire/client-hello.js';
import { renegotiationScsv, signatureSchemes } from '../probe/fast-probe.js';
import { allGroups } from '../wire/groups.js';
import type { Surveyor } from './surveyor.js';

/** A version whose suites can be asked for one by one. */
export type AskableVersion = keyof typeof versions;

/** Suites per hello: more than 128 are too many for some servers. */
const batchSize = 120;

/** Suites that need more than a ClientHello to be accepted, and would hide others: SRP wants a user name, Kerberos a ticket. */
const unaskable = /^TLS_(SRP|KRB5)/;

const legacySuites = legacyCipherSuites.filter((suite) => !unaskable.test(cipherSuiteName(suite)));

/** What a hello of the survey varies. */
export interface HelloOptions {
  readonly suites?: readonly number[];
  readonly groups?: readonly number[];
  readonly compression?: readonly number[];
  /** Ask for a stapled OCSP response and SCTs. */
  readonly withStatus?: boolean;
}

/**
 * A hello for exactly one version; TLS 1.3 without key share, so that the answer is a HelloRetryRequest, and SSL 3 without
 * extensions, the SCSV in place of that for renegotiation (RFC 5746 section 3.4).
 */
export function plainHello(
  serverName: string | null,
  version: AskableVersion,
  options: HelloOptions = {},
): Buffer {
  const isTls13 = version === 'TLSv1.3';
  const { suites = isTls13 ? tls13CipherSuites : legacySuites.slice(0, 300), groups = allGroups } = options;
  const offered: Extension[] = [
    ...extensions.serverName(serverName),
    extensions.supportedGroups(groups),
    extensions.ecPointFormats,
    extensions.signatureAlgorithms(signatureSchemes),
    ...(options.withStatus === true ? [extensions.statusRequest, extensions.signedCertificateTimestamp] : []),
    ...(isTls13
      ? [
          extensions.supportedVersions([versions['TLSv1.3']]),
          extensions.pskKeyExchangeModes,
          extensions.keyShare([]),
        ]
      : [extensions.renegotiationInfo]),
  ];
  const isSsl3 = version === 'SSLv3';
  const wireVersion = versions[isTls13 ? 'TLSv1.2' : version];
  return clientHello({
    version: wireVersion,
    recordVersion: isSsl3 ? wireVersion : versions.TLSv1,
    cipherSuites: isSsl3 ? [...suites, renegotiationScsv] : suites,
    compression: options.compression ?? [0],
    extensions: isSsl3 ? [] : offered,
  });
}

/**
 * Which suites a version accepts: all are offered, the one chosen is taken out, until the server refuses. Null when the
 * version is not spoken.
 */
export async function acceptedSuites(
  surveyor: Surveyor,
  version: AskableVersion,
): Promise<Omit<VersionFacts, 'version'> | null> {
  const all = version === 'TLSv1.3' ? tls13CipherSuites : legacySuites;
  const batches: number[][] = [];
  for (let at = 0; at < all.length; at += batchSize) {
    const accepted = await acceptedOf(surveyor, version, all.slice(at, at + batchSize));
    // Whoever refuses the version refuses it with every suite.
    if (accepted === 'version-refused') break;
    if (accepted.length > 0) batches.push(accepted);
  }
  const accepted = batches.flat();
  if (accepted.length === 0) return null;
  // Within a batch the server has named them in its order already.
  const ordered = batches.length === 1 ? accepted : await inServerOrder(surveyor, version, accepted);
  const preference = await preferenceOf(surveyor, version, ordered);
  return { cipherSuites: ordered.map(cipherSuiteName), preference };
}

/** Which of these suites are accepted, in the order in which the server names them. */
async function acceptedOf(
  surveyor: Surveyor,
  version: AskableVersion,
  suites: readonly number[],
): Promise<number[] | 'version-refused'> {
  const accepted: number[] = [];
  let offered = suites;
  while (offered.length > 0) {
    const { chosen, isVersionRefused } = await choice(surveyor, version, offered);
    if (isVersionRefused && accepted.length === 0) return 'version-refused';
    if (chosen === null || !offered.includes(chosen)) break;
    accepted.push(chosen);
    offered = offered.filter((suite) => suite !== chosen);
  }
  return accepted;
}

/** What the server picks from an offer, in exactly this version; null when it refuses. */
async function chosenSuite(
  surveyor: Surveyor,
  version: AskableVersion,
  suites: readonly number[],
): Promise<number | null> {
  return (await choice(surveyor, version, suites)).chosen;
}

async function choice(
  surveyor: Surveyor,
  version: AskableVersion,
  suites: readonly number[],
): Promise<{ readonly chosen: number | null; readonly isVersionRefused: boolean }> {
  const hello = plainHello(surveyor.target.serverName, version, { suites });
  const { flight, ending } = await surveyor.ask(hello, 'serverHello');
  if (flight.serverHello === null)
    return { chosen: null, isVersionRefused: ending.detail === 'protocol_version' };
  const inExtension = flight.serverHello.extensions.find(([type]) => type === 43)?.[1];
  const spoken =
    inExtension?.length === 2 ? Buffer.from(inExtension).readUInt16BE(0) : flight.serverHello.version;
  const isRight = spoken === versions[version];
  return { chosen: isRight ? flight.serverHello.cipherSuite : null, isVersionRefused: false };
}

/** With several batches the order within each is known, but not across them: then the accepted ones are asked again. */
async function inServerOrder(
  surveyor: Surveyor,
  version: AskableVersion,
  accepted: readonly number[],
): Promise<readonly number[]> {
  const ordered: number[] = [];
  let offered = [...accepted];
  while (offered.length > 1) {
    const chosen = await chosenSuite(surveyor, version, offered);
    if (chosen === null || !offered.includes(chosen)) break;
    ordered.push(chosen);
    offered = offered.filter((suite) => suite !== chosen);
  }
  return [...ordered, ...offered];
}

async function preferenceOf(
  surveyor: Surveyor,
  version: AskableVersion,
  suites: readonly number[],
): Promise<'server' | 'client' | null> {
  if (suites.length < 2) return null;
  // In this order either would choose the first; the other way round they differ.
  const backward = await chosenSuite(surveyor, version, [...suites].reverse());
  if (backward === suites[0]) return 'server';
  return backward === suites.at(-1) ? 'client' : null;
}
