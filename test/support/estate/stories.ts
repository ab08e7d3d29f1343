import type { Certificate } from '../../../src/model/certificate.js';
import type { Life } from './life.js';
import { seededKey } from './ecdsa.js';
import { dayMs, hourMs, issue, type Issuance } from './world.js';

/** What happens to one service, beside ordinary life. `pair` is a second service, for stories of two. */
export interface Story {
  readonly id: string;
  /** Authorities of the services it can happen to. */
  readonly authorities: readonly string[];
  readonly isUnmanaged?: true;
  play(life: Life, pair: () => Life): void;
}

/** Where unexplained certificates are expected to be reported. */
const graceMs = 24 * hourMs;
const unusedMs = 7 * dayMs;

/** The first day on which something goes wrong: the rules know by then what is usual. */
function firstDay(life: Life, most = 10): number {
  return life.world.start + (12 + life.world.random.next() * most) * dayMs;
}

/** Goes on up to the first renewal after that day; returns its time. */
function atRenewal(life: Life): number {
  life.goOn(firstDay(life));
  return life.renewalAt();
}

function scanBefore({ world }: Life, at: number): number {
  return world.start + Math.floor((at - world.start) / dayMs) * dayMs;
}

/** Two hours after the next scan: what takes some hours then lies between two scans. */
function afterScan(life: Life, at: number): number {
  return scanBefore(life, at) + dayMs + 2 * hourMs;
}

function twoThirds({ issuedAt, notAfter }: Issuance): number {
  return issuedAt + ((notAfter - issuedAt) * 2) / 3;
}

function outageForeseen({ issuedAt, notAfter }: Issuance): number {
  return twoThirds({ issuedAt, notAfter } as Issuance) + (notAfter - issuedAt) / 20;
}

/** A certificate of a CA that the operator does not use. */
function rogue(life: Life, at: number): Issuance {
  const { world, names } = life;
  const issuance = issue(world, { authority: world.authorities.quickcert, names, at });
  life.expect('unexplained-issuance', issuance, issuance.loggedAt! + graceMs, issuance.notAfter);
  life.expect('unauthorized-issuer', issuance, issuance.loggedAt!, issuance.notAfter);
  return issuance;
}

function renewalStops(life: Life, days: number): { readonly dueAt: number; readonly renewedAt: number } {
  const dueAt = atRenewal(life);
  const old = life.current;
  const renewedAt = dueAt + days * dayMs;
  life.expect('predicted-outage', old, outageForeseen(old), renewedAt);
  return { dueAt, renewedAt };
}

/** Mistakes and attacks that happen to services. */
export const stories: readonly Story[] = [
  {
    id: 'renewed, half of the endpoints forgotten',
    authorities: ['northgate', 'lakeside'],
    play(life) {
      const at = atRenewal(life);
      const [old, issued] = [life.current, life.issue(at)];
      const [forgotten, ...updated] = life.service.endpoints;
      life.deploy(issued, at + 2 * hourMs, updated);
      const fixedAt = at + life.world.random.between(3, 6) * dayMs;
      life.deploy(issued, fixedAt, [forgotten!]);
      life.expect('deploy-gap', old, issued.issuedAt + graceMs, fixedAt);
      life.goOn(life.world.end);
    },
  },
  {
    id: 'renewed, deployed nowhere for days',
    authorities: ['northgate', 'lakeside'],
    play(life) {
      const at = atRenewal(life);
      const [old, issued] = [life.current, life.issue(at)];
      const fixedAt = at + life.world.random.between(4, 6) * dayMs;
      life.deploy(issued, fixedAt);
      life.expect('deploy-gap', old, Math.max(issued.issuedAt + graceMs, twoThirds(old)), fixedAt);
      life.goOn(life.world.end);
    },
  },
  {
    id: 'renewal stops, and starts again',
    authorities: ['northgate'],
    play(life) {
      life.renew(renewalStops(life, 12).renewedAt);
      life.goOn(life.world.end);
    },
  },
  {
    id: 'renewal stops for good',
    authorities: ['lakeside'],
    play(life) {
      atRenewal(life);
      const old = life.current;
      life.expect('predicted-outage', old, outageForeseen(old), old.notAfter);
    },
  },
  {
    id: 'renewal stops while somebody else gets a certificate for the name',
    authorities: ['northgate'],
    play(life) {
      const { dueAt, renewedAt } = renewalStops(life, 12);
      rogue(life, dueAt + 2 * dayMs);
      life.renew(renewedAt);
      life.goOn(life.world.end);
    },
  },
  {
    id: 'a CA nobody uses issues for the name',
    authorities: ['northgate', 'lakeside', 'harbour'],
    play(life) {
      rogue(life, firstDay(life, 60));
      life.goOn(life.world.end);
    },
  },
  {
    id: 'a CA nobody uses issues for the name, and revokes',
    authorities: ['northgate', 'lakeside', 'harbour'],
    play(life) {
      const issuance = rogue(life, firstDay(life, 30));
      const since = issuance.issuedAt + 5 * dayMs;
      const { world } = life;
      const last = world.expectations.findIndex(
        ({ rule, key }) => rule === 'unexplained-issuance' && key === issuance.certificate.tbsSha256,
      );
      world.expectations[last] = { ...world.expectations[last]!, until: since };
      revoke(life, issuance.precertificate!, since);
      life.goOn(world.end);
    },
  },
  {
    id: 'two services of different domains share a key',
    authorities: ['northgate', 'lakeside'],
    play(life, pair) {
      const key = seededKey(`shared ${life.service.name}`);
      const other = pair();
      life.renew(atRenewal(life), key);
      other.renew(atRenewal(other), key);
      life.goOn(life.world.end);
      other.goOn(life.world.end);
    },
  },
  {
    id: 'the key is kept at renewal',
    authorities: ['northgate', 'lakeside'],
    play(life) {
      life.renew(atRenewal(life), life.current.key);
      life.goOn(life.world.end);
    },
  },
  {
    id: 'a client requests again and again',
    authorities: ['northgate'],
    play(life) {
      const { world } = life;
      const at = afterScan(life, atRenewal(life));
      const key = seededKey(`burst ${life.service.name}`);
      const all = Array.from({ length: 48 }, (_, n) => life.issue(at + n * 6 * 60_000, key));
      const last = all.at(-1)!;
      life.deploy(last, last.issuedAt + hourMs);
      for (const one of all.slice(0, -1)) life.expect('unused', one, one.loggedAt! + unusedMs, one.notAfter);
      const domain = world.domains.find((d) => life.service.name.endsWith(`.${d}`))!;
      life.expect('issuance-burst', { kind: 'domain', key: domain }, last.loggedAt!, last.loggedAt! + dayMs);
      life.goOn(world.end);
    },
  },
  {
    id: 'issued again with one more name, the first never deployed',
    authorities: ['northgate', 'lakeside'],
    play(life) {
      const at = afterScan(life, atRenewal(life));
      const first = life.issue(at);
      life.names = [...life.names, `new.${life.service.name}`];
      life.renew(at + hourMs, first.key);
      life.expect('unused', first, first.loggedAt! + unusedMs, first.notAfter);
      life.goOn(life.world.end);
    },
  },
  {
    id: 'switched off, still in the inventory',
    authorities: ['harbour'],
    play(life) {
      const at = firstDay(life);
      life.goOn(at);
      life.renew(at);
      const goneAt = at + 8 * dayMs;
      life.deploy(null, goneAt);
      const lastScan = scanBefore(life, goneAt);
      for (const { key } of life.service.endpoints) expectGone(life, key, lastScan);
      const item = { kind: 'inventory', key: `${life.service.source} ${life.service.name}` };
      life.expect('not-in-use', item, lastScan + 7 * dayMs);
    },
  },
  {
    id: 'one endpoint is switched off, the others are renewed',
    authorities: ['northgate', 'lakeside'],
    play(life) {
      const goneAt = firstDay(life);
      life.goOn(goneAt);
      const [first, ...others] = life.service.endpoints;
      const last = life.current;
      life.deploy(null, goneAt, [first!]);
      life.current = last;
      const lastScan = scanBefore(life, goneAt);
      expectGone(life, first!.key, lastScan);
      for (let at = life.renewalAt(); at < life.world.end; at = life.renewalAt())
        life.deploy(
          life.issue(Math.max(at, lastScan + 5 * dayMs)),
          Math.max(at, lastScan + 5 * dayMs) + hourMs,
          others,
        );
    },
  },
  {
    id: 'moves to another CA',
    authorities: ['northgate'],
    play(life) {
      const at = atRenewal(life);
      life.authority = life.world.authorities.lakeside;
      life.renew(at);
      life.goOn(life.world.end);
    },
  },
  {
    id: 'an old version of TLS comes back',
    authorities: ['northgate', 'harbour'],
    play(life) {
      const at = firstDay(life, 40);
      life.goOn(at);
      const [first] = life.service.endpoints;
      const last = first!.stays.findLast(({ from }) => from <= at)!;
      const until = at + 4 * dayMs;
      first!.stays.push(
        { ...last, from: at, version: 'TLSv1' },
        { ...last, from: until, version: 'TLSv1.3' },
      );
      life.expect('weak-protocol', { kind: 'endpoint', key: first!.key }, at, until);
      life.renew(Math.max(life.renewalAt(), until + hourMs));
      life.goOn(life.world.end);
    },
  },
  {
    id: 'revoked, replaced three days later',
    authorities: ['northgate', 'harbour'],
    play(life) {
      const at = firstDay(life, 40);
      life.goOn(at);
      const old = life.current;
      const replacedAt = at + 3 * dayMs;
      revoke(life, old.certificate, at);
      const next = life.issue(replacedAt);
      life.deploy(next, replacedAt + hourMs);
      const until = replacedAt + hourMs;
      for (const { key } of life.service.endpoints)
        life.expect('revoked', { kind: 'endpoint', key }, at, until);
      life.expect(
        'revoked-still-served',
        { kind: 'certificate', key: old.certificate.sha256 },
        at + dayMs,
        until,
      );
      life.goOn(life.world.end);
    },
  },
  {
    id: 'nobody manages it',
    authorities: ['northgate', 'lakeside', 'corporate'],
    isUnmanaged: true,
    play: (life) => life.goOn(life.world.end),
  },
];

/** Gone with the third scan that misses it: for three days a change, and unreachable as long as it is a target. */
function expectGone(life: Life, key: string, lastScan: number): void {
  const subject = { kind: 'endpoint', key };
  life.expect('endpoint-gone', subject, lastScan + 3 * dayMs, lastScan + 6 * dayMs);
  life.expect('unreachable', subject, lastScan + 3 * dayMs);
}

function revoke(life: Life, { sha256 }: Certificate, from: number): void {
  const at = new Date(from);
  life.world.answers.push({
    from,
    until: Infinity,
    answer: {
      question: 'revocation',
      key: sha256,
      since: at,
      checkedAt: at,
      detail: null,
      outcome: 'revoked',
      reason: 'cessationOfOperation',
      revokedAt: at,
      method: 'crl',
      source: 'http://crl.example/ca.crl',
      thisUpdate: at,
      nextUpdate: null,
    },
  });
}
