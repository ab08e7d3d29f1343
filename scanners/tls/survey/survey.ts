import type { Observation } from '../../../src/model/observation.js';
import type { AlternateChain, SurveyFacts, VersionFacts } from '../../../src/model/survey.js';
import type { Target } from '../../../src/model/target.js';
import { createCertificateCache } from '../probe/certificate-cache.js';
import { fastHello } from '../probe/fast-probe.js';
import { fullProbe } from '../probe/full-probe.js';
import { jarm, jarmClientHellos, ja3s } from './fingerprints.js';
import { acceptedGroups, diffieHellmanBits } from './survey-groups.js';
import { plainHello, acceptedSuites } from './survey-suites.js';
import { ssl2CipherKinds } from '../wire/ssl2.js';
import { Surveyor, SurveyEndedError, type SurveyOptions } from './surveyor.js';
import { authorityNames, clientAuthorities, sctCount } from './survey-messages.js';
import { tls13Probe } from '../probe/tls13-probe.js';

const readCached = createCertificateCache();

/** A server name that no server can have (RFC 2606). */
const unknownName = 'unknown.invalid';

/**
 * Finds out what an endpoint offers, by hand-built hellos that are broken off after the answer, one connection at a time:
 * 30 to 200 of them, fewer when the server or the deadline ends it. `look` is the observation it starts from. Never rejects.
 */
export async function survey(
  look: Observation,
  options: SurveyOptions,
  signal: AbortSignal,
): Promise<SurveyFacts> {
  const surveyor = new Surveyor(look.target, options, signal);
  const facts: { -readonly [key in keyof SurveyFacts]: SurveyFacts[key] } = {
    versions: [],
    groups: [],
    dhBits: null,
    secureRenegotiation: null,
    compression: null,
    ticketLifetimeSeconds: null,
    handshakeScts: null,
    ocspStapled: look.tls?.ocspResponse === undefined ? null : look.tls.ocspResponse !== null,
    clientAuthorities: null,
    jarm: null,
    ja3s: null,
    alternates: [],
    connections: 0,
    incomplete: null,
  };
  const steps: readonly (() => Promise<void>)[] = [
    async () => void (facts.versions = await acceptedVersions(surveyor)),
    async () => void (facts.groups = await acceptedGroups(surveyor, facts.versions)),
    async () => void (facts.dhBits = await diffieHellmanBits(surveyor, facts.versions)),
    async () => void Object.assign(facts, await legacyHandshake(surveyor, facts.versions)),
    async () => void Object.assign(facts, await modernHandshake(surveyor, facts)),
    async () => void (facts.alternates = await alternates(surveyor, look, facts.versions)),
    async () => void (facts.jarm = await fingerprint(surveyor)),
    async () => void (facts.ticketLifetimeSeconds = await ticketLifetime(surveyor, facts.versions)),
  ];
  try {
    for (const step of steps) await step();
  } catch (error) {
    facts.incomplete = error instanceof SurveyEndedError ? error.message : String(error);
  }
  return { ...facts, connections: surveyor.connections };
}

const newestFirst = ['TLSv1.3', 'TLSv1.2', 'TLSv1.1', 'TLSv1', 'SSLv3'] as const;

async function acceptedVersions(surveyor: Surveyor): Promise<VersionFacts[]> {
  const found: VersionFacts[] = [];
  for (const version of newestFirst) {
    const accepted = await acceptedSuites(surveyor, version);
    if (accepted !== null) found.push({ version, ...accepted });
  }
  await surveyor.turn();
  const kinds = await ssl2CipherKinds(surveyor.target, surveyor.route());
  if (kinds !== null) found.push({ version: 'SSLv2', cipherSuites: kinds, preference: null });
  return found;
}

/** The newest version to TLS 1.2 that is accepted; undefined when there is none. */
function newestLegacy(accepted: readonly VersionFacts[]): (typeof newestFirst)[number] | undefined {
  return newestFirst.slice(1).find((version) => accepted.some((facts) => facts.version === version));
}

/** What the clear part of one handshake to TLS 1.2 tells. */
async function legacyHandshake(
  surveyor: Surveyor,
  accepted: readonly VersionFacts[],
): Promise<Partial<SurveyFacts>> {
  const version = newestLegacy(accepted);
  if (version === undefined) return {};
  const hello = plainHello(surveyor.target.serverName, version, { withStatus: true });
  const { flight } = await surveyor.ask(hello, 'serverHelloDone');
  if (flight.serverHello === null) return {};
  const types = new Map(flight.serverHello.extensions);
  const compressed = await surveyor.ask(
    plainHello(surveyor.target.serverName, version, { compression: [1, 0] }),
    'serverHello',
  );
  const plain = await surveyor.ask(fastHello(surveyor.target.serverName), 'serverHello');
  return {
    secureRenegotiation: types.has(0xff01),
    compression:
      compressed.flight.serverHello === null ? null : compressed.flight.serverHello.compression !== 0,
    handshakeScts: sctCount(types.get(18)),
    ocspStapled: flight.certificateStatus !== null,
    clientAuthorities:
      flight.certificateRequest && clientAuthorities(flight.certificateRequest, flight.serverHello.version),
    ja3s: plain.flight.serverHello === null ? null : ja3s(plain.flight.serverHello),
  };
}

/** What the encrypted flight of TLS 1.3 tells, where the clear one told nothing. */
async function modernHandshake(surveyor: Surveyor, facts: SurveyFacts): Promise<Partial<SurveyFacts>> {
  if (!facts.versions.some(({ version }) => version === 'TLSv1.3')) return {};
  await surveyor.turn();
  const look = await tls13Probe(surveyor.target, surveyor.route(), surveyor.limits);
  if (look.tls === null) return {};
  const { certificateAuthorities: authorities, signedCertificateTimestamps: scts } = look;
  return {
    handshakeScts: facts.handshakeScts ?? sctCount(scts ?? undefined),
    ocspStapled: facts.ocspStapled === true || look.tls.ocspResponse !== null,
    clientAuthorities: facts.clientAuthorities ?? (authorities === null ? null : authorityNames(authorities)),
  };
}

/** Chains that differ from the one of the look: by kind of key, without a name, with an unknown one. */
async function alternates(
  surveyor: Surveyor,
  look: Observation,
  accepted: readonly VersionFacts[],
): Promise<AlternateChain[]> {
  const { target } = surveyor;
  const found: AlternateChain[] = [];
  const seen = new Set([look.certificate?.sha256]);
  const add = (asked: AlternateChain['asked'], ders: readonly Uint8Array[]): void => {
    const chain = ders.map(readCached);
    if (chain[0] === undefined || seen.has(chain[0].sha256)) return;
    seen.add(chain[0].sha256);
    found.push({ asked, chain });
  };
  const isLegacy = newestLegacy(accepted) !== undefined;
  for (const kind of ['RSA', 'ECDSA'] as const)
    add(kind, await chainFor(surveyor, isLegacy, target.serverName, kind));
  if (target.serverName !== null) add('no-server-name', await chainFor(surveyor, isLegacy, null, 'any'));
  add('unknown-server-name', await chainFor(surveyor, isLegacy, unknownName, 'any'));
  return found;
}

async function chainFor(
  surveyor: Surveyor,
  isLegacy: boolean,
  serverName: string | null,
  kind: 'RSA' | 'ECDSA' | 'any',
): Promise<readonly Uint8Array[]> {
  if (isLegacy) {
    const { flight } = await surveyor.ask(fastHello(serverName, kind), 'certificate');
    return flight.certificates ?? [];
  }
  await surveyor.turn();
  const target: Target = { ...surveyor.target, serverName };
  const { chain } = await fullProbe(target, surveyor.route(), {
    limits: surveyor.limits,
    alpn: [],
    authentication: kind,
  });
  return chain;
}

async function fingerprint(surveyor: Surveyor): Promise<string | null> {
  const { serverName, address } = surveyor.target;
  const answers = [];
  for (const hello of jarmClientHellos(serverName ?? address ?? ''))
    answers.push((await surveyor.ask(hello, 'serverHello')).flight);
  return jarm(answers);
}

/** Of TLS 1.3, where that brings a ticket; else of what is older. */
async function ticketLifetime(surveyor: Surveyor, accepted: readonly VersionFacts[]): Promise<number | null> {
  const asked = [
    ...(accepted.some(({ version }) => version === 'TLSv1.3') ? (['TLSv1.3'] as const) : []),
    ...(newestLegacy(accepted) === undefined ? [] : (['TLSv1.2'] as const)),
  ];
  let seconds: number | null = null;
  for (const newest of asked) {
    await surveyor.turn();
    const onTicket = (lifetime: number | null): void => void (seconds = lifetime);
    await fullProbe(surveyor.target, surveyor.route(), {
      limits: surveyor.limits,
      alpn: [],
      newest,
      onTicket,
    });
    if (seconds !== null) break;
  }
  return seconds;
}
