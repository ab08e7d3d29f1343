import type { Authority } from './authorities.js';
import type { SeededKey } from './ecdsa.js';
import {
  dayMs,
  hourMs,
  issue,
  tbsOf,
  type Expectation,
  type Held,
  type Issuance,
  type SimulatedEndpoint,
  type Stay,
  type World,
} from './world.js';

/** A service of the estate: a few endpoints with one certificate, renewed as time goes by. */
export interface Service {
  readonly name: string;
  readonly names: readonly string[];
  readonly source: string;
  readonly authority: Authority;
  readonly endpoints: readonly SimulatedEndpoint[];
}

/** One service being played: what was done so far, and what may be done next. */
export class Life {
  current: Issuance;
  authority: Authority;
  names: readonly string[];
  version: Stay['version'] = 'TLSv1.3';
  #held: Held | null = null;

  readonly world: World;
  readonly service: Service;
  readonly story: string;
  readonly isManaged: boolean;

  constructor(world: World, service: Service, story: string, isManaged = true) {
    this.world = world;
    this.service = service;
    this.story = story;
    this.isManaged = isManaged;
    this.authority = service.authority;
    this.names = service.names;
    const age = world.random.next() * this.authority.lifetimeDays * 0.62 * dayMs;
    this.current = this.issue(world.start - age);
    this.deploy(this.current, world.start - age);
  }

  /** When it is to be renewed: at 65 % of the lifetime, give or take one, before anything warns. */
  renewalAt(): number {
    const share = 0.64 + this.world.random.next() * 0.02;
    return this.current.issuedAt + this.authority.lifetimeDays * dayMs * share;
  }

  /** Issues the next certificate; the inventory holds it in place of the one before. */
  issue(at: number, key?: SeededKey): Issuance {
    const { world, service, authority, names } = this;
    const issuance = issue(world, { authority, names, at, ...(key === undefined ? {} : { key }) });
    if (this.isManaged) {
      if (this.#held !== null) this.#held.until = issuance.issuedAt;
      const held = {
        source: service.source,
        reference: service.name,
        from: issuance.issuedAt,
        until: Infinity,
      };
      this.#held = { ...held, issuance };
      world.held.push(this.#held);
    }
    return issuance;
  }

  /** Serves it from `at` on. */
  deploy(issuance: Issuance | null, at: number, endpoints = this.service.endpoints): void {
    for (const { stays } of endpoints) stays.push({ from: at, issuance, version: this.version });
    if (issuance !== null) this.current = issuance;
  }

  /** Renews and deploys everywhere within ten hours. */
  renew(at: number, key?: SeededKey): Issuance {
    const issuance = this.issue(at, key);
    for (const endpoint of this.service.endpoints)
      this.deploy(issuance, at + (0.5 + this.world.random.next() * 9.5) * hourMs, [endpoint]);
    return issuance;
  }

  /** Ordinary life up to an instant. */
  goOn(until: number): void {
    for (let at = this.renewalAt(); at < until; at = this.renewalAt()) this.renew(at);
  }

  /** Notes what has to be found; a subject that is an issuance may be given as such. */
  expect(
    rule: string,
    subject: Issuance | Pick<Expectation, 'kind' | 'key'>,
    from: number,
    until = Infinity,
  ): void {
    const { kind, key } = 'certificate' in subject ? { kind: 'issuance', key: tbsOf(subject) } : subject;
    this.world.expectations.push({ rule, kind, key, from, until, story: this.story });
  }
}
