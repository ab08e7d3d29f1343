import type { Certificate } from '../../../src/model/certificate.js';
import type { CtMatch } from '../../../src/model/ct-entry.js';
import type { Answer } from '../../../src/model/network.js';
import { endpointKey, type Target } from '../../../src/model/target.js';
import { issueLeaf, type Authority, type AuthorityId, type SimulatedLog } from './authorities.js';
import { seededKey, type SeededKey } from './ecdsa.js';
import type { Random } from './random.js';

/** Milliseconds. */
export const hourMs = 3_600_000;
export const dayMs = 24 * hourMs;

/** One certificate that a CA issued. Times are milliseconds since 1970. */
export interface Issuance {
  readonly authority: Authority;
  readonly names: readonly string[];
  readonly key: SeededKey;
  readonly issuedAt: number;
  readonly notAfter: number;
  readonly certificate: Certificate;
  readonly precertificate: Certificate | null;
  /** null: not logged. */
  readonly loggedAt: number | null;
  readonly logs: readonly SimulatedLog[];
  readonly matches: readonly CtMatch[];
}

/** What an endpoint does from an instant on. */
export interface Stay {
  readonly from: number;
  /** null: it refuses connections. */
  readonly issuance: Issuance | null;
  readonly version: 'TLSv1.3' | 'TLSv1';
}

/** An endpoint and everything it does, in order of time. */
export interface SimulatedEndpoint {
  readonly target: Target;
  readonly key: string;
  readonly stays: Stay[];
}

/** A certificate in an inventory, from one instant to another. */
export interface Held {
  readonly issuance: Issuance;
  readonly source: string;
  readonly reference: string;
  readonly from: number;
  until: number;
}

/** An answer of the network that holds from its `since` on, until another about the same key does. */
export interface SimulatedAnswer {
  readonly from: number;
  readonly until: number;
  readonly answer: Answer;
}

/** A line of the answer key: this finding is open from one instant up to another, exclusive. */
export interface Expectation {
  readonly rule: string;
  readonly kind: string;
  readonly key: string;
  readonly from: number;
  readonly until: number;
  /** The story it belongs to. */
  readonly story: string;
}

/** Everything that happens in the estate, and what Certglass has to say of it. */
export interface World {
  readonly start: number;
  readonly end: number;
  readonly random: Random;
  readonly authorities: Readonly<Record<AuthorityId, Authority>>;
  readonly logs: readonly SimulatedLog[];
  readonly domains: readonly string[];
  readonly endpoints: SimulatedEndpoint[];
  readonly issuances: Issuance[];
  readonly held: Held[];
  readonly answers: SimulatedAnswer[];
  readonly expectations: Expectation[];
}

/** What to issue; the rest is usual. */
export interface IssueOptions {
  readonly authority: Authority;
  readonly names: readonly string[];
  readonly at: number;
  readonly key?: SeededKey;
  readonly matches?: readonly CtMatch[];
}

/** Issues a certificate, and logs it half a minute later where its CA logs. */
export function issue(world: World, { authority, names, at, key, matches }: IssueOptions): Issuance {
  const serial = `${authority.id} ${world.issuances.length} ${names.join(' ')}`;
  const issuedAt = Math.floor(at / 1_000) * 1_000;
  const notAfter = issuedAt + authority.lifetimeDays * dayMs;
  const own = key ?? seededKey(serial);
  const logs = authority.isLogged ? world.logs : [];
  const made = issueLeaf({
    authority,
    names,
    key: own,
    serial,
    logs,
    notBefore: new Date(issuedAt),
    notAfter: new Date(notAfter),
  });
  const name = names[0]!;
  const domain = world.domains.find((one) => name.endsWith(`.${one}`));
  const issuance: Issuance = {
    ...made,
    authority,
    names,
    key: own,
    issuedAt,
    notAfter,
    logs,
    loggedAt: authority.isLogged ? issuedAt + 30_000 : null,
    matches:
      matches ?? (domain === undefined ? [] : [{ watch: 'domain', item: domain, value: name, reason: null }]),
  };
  world.issuances.push(issuance);
  return issuance;
}

/** A new endpoint that does nothing yet. */
export function addEndpoint(world: World, host: string, port = 443): SimulatedEndpoint {
  const n = world.endpoints.length + 1;
  const address = `198.18.${n >> 8}.${n & 255}`;
  const target: Target = { host, address, port, serverName: host, starttls: null };
  const endpoint = { target, key: endpointKey(target), stays: [] };
  world.endpoints.push(endpoint);
  return endpoint;
}

/** What an endpoint does at an instant; null: it does not exist yet. */
export function stayAt({ stays }: SimulatedEndpoint, at: number): Stay | null {
  return stays.findLast(({ from }) => from <= at) ?? null;
}

/** SHA-256 of the TBSCertificate: the subject of findings about an issuance. */
export function tbsOf({ certificate }: Issuance): string {
  return certificate.tbsSha256 ?? certificate.sha256;
}
