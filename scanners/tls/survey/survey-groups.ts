import type { VersionFacts } from '../../../src/model/survey.js';
import { cipherSuiteByName } from '../wire/cipher-suites.js';
import { allGroups, groupName } from '../wire/groups.js';
import { plainHello, type AskableVersion } from './survey-suites.js';
import type { Surveyor } from './surveyor.js';

/**
 * Key-exchange groups accepted: in TLS 1.3 without key shares, so that the server names its choice in a HelloRetryRequest
 * (RFC 8446 section 4.1.4); below with ECDHE suites, where it names the curve in ServerKeyExchange (RFC 8422 section 5.4).
 */
export async function acceptedGroups(
  surveyor: Surveyor,
  accepted: readonly VersionFacts[],
): Promise<string[]> {
  const groups = new Set<number>();
  if (accepted.some(({ version }) => version === 'TLSv1.3'))
    await collect(groups, () => retryGroup(surveyor, groups));
  const legacy = accepted.find(
    ({ version, cipherSuites }) => version !== 'TLSv1.3' && ecdhe(cipherSuites).length > 0,
  );
  // Those found already are accepted in some version, which is all that is asked.
  if (legacy !== undefined) await collect(groups, () => exchangedCurve(surveyor, legacy, groups));
  return [...groups].map(groupName);
}

/** Asks again and again, what was found left out, until nothing new comes. */
async function collect(found: Set<number>, next: () => Promise<number | null>): Promise<void> {
  for (let group = await next(); group !== null && !found.has(group); group = await next()) found.add(group);
}

async function retryGroup(surveyor: Surveyor, found: ReadonlySet<number>): Promise<number | null> {
  const groups = allGroups.filter((group) => !found.has(group));
  const hello = plainHello(surveyor.target.serverName, 'TLSv1.3', { groups });
  const { flight } = await surveyor.ask(hello, 'serverHello');
  const share = flight.serverHello?.extensions.find(([type]) => type === 51)?.[1];
  return share !== undefined && share.length >= 2 ? Buffer.from(share).readUInt16BE(0) : null;
}

async function exchangedCurve(
  surveyor: Surveyor,
  { version, cipherSuites }: VersionFacts,
  found: ReadonlySet<number>,
): Promise<number | null> {
  const groups = allGroups.filter((group) => !found.has(group) && group < 256);
  const hello = plainHello(surveyor.target.serverName, version as AskableVersion, {
    groups,
    suites: ecdhe(cipherSuites),
  });
  const { flight } = await surveyor.ask(hello, 'serverHelloDone');
  const exchange = flight.serverKeyExchange;
  return exchange?.[0] === 3 && exchange.length >= 3 ? Buffer.from(exchange).readUInt16BE(1) : null;
}

/** Bits of the Diffie-Hellman prime (RFC 5246 section 7.4.3: dh_p<1..2^16-1> comes first); null when DHE is not offered. */
export async function diffieHellmanBits(
  surveyor: Surveyor,
  accepted: readonly VersionFacts[],
): Promise<number | null> {
  const isEphemeral = /^TLS_(DHE_(RSA|DSS)|DH_anon)_(WITH|EXPORT)/;
  const facts = accepted.find(({ cipherSuites }) => cipherSuites.some((suite) => isEphemeral.test(suite)));
  if (facts === undefined) return null;
  const suites = facts.cipherSuites
    .filter((suite) => isEphemeral.test(suite))
    .flatMap((suite) => cipherSuiteByName(suite) ?? []);
  // Named groups of RFC 7919 are left out: they would hide the prime that other clients get.
  const groups = allGroups.filter((group) => group < 256);
  const hello = plainHello(surveyor.target.serverName, facts.version as AskableVersion, { suites, groups });
  const { flight } = await surveyor.ask(hello, 'serverHelloDone');
  const exchange = flight.serverKeyExchange;
  if (exchange === null || exchange.length < 3) return null;
  const prime = Buffer.from(exchange).subarray(2, 2 + Buffer.from(exchange).readUInt16BE(0));
  const first = prime.findIndex((octet) => octet !== 0);
  return first < 0 ? null : (prime.length - first) * 8 - Math.clz32(prime[first] ?? 0) + 24;
}

function ecdhe(suites: readonly string[]): number[] {
  const matching = suites.filter((suite) => /^TLS_ECDHE_(RSA|ECDSA)|^TLS_ECDH_anon/.test(suite));
  return matching.flatMap((suite) => cipherSuiteByName(suite) ?? []);
}
