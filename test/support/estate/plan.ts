import { createHash } from 'node:crypto';
import { authoritiesOf, type AuthorityId, type SimulatedLog } from './authorities.js';
import { Life, type Service } from './life.js';
import { createRandom, type Random } from './random.js';
import { sideStories } from './side-stories.js';
import { stories, type Story } from './stories.js';
import { addEndpoint, dayMs, type World } from './world.js';

/** What to simulate. */
export interface PlanOptions {
  readonly seed: string;
  /** 1: 2,000 endpoints and 600 names. */
  readonly scale: number;
  /** The last instant; the estate begins 90 days before. */
  readonly end: Date;
  /** false: everything goes well. */
  readonly hasFaults: boolean;
}

/** Days that are simulated. */
export const simulatedDays = 90;

const domains = ['example.com', 'example.net', 'example.org'];
const words = ['shop', 'api', 'login', 'mail', 'media', 'pay', 'status', 'docs', 'crm', 'vpn', 'git', 'data'];
const owners = ['platform', 'commerce', 'network'];
/** How often each CA is used, out of ten. */
const usual: readonly AuthorityId[] = [
  ...Array<AuthorityId>(5).fill('northgate'),
  ...Array<AuthorityId>(2).fill('lakeside'),
  ...Array<AuthorityId>(2).fill('harbour'),
  'corporate',
];

/** Everything that happens in 90 days of an estate, and the answer key. The same options give the same bytes. */
export function planEstate({ seed, scale, end, hasFaults }: PlanOptions): World {
  const endMs = Math.floor(end.getTime() / 1_000) * 1_000;
  const start = endMs - simulatedDays * dayMs;
  const random = createRandom(seed);
  const world: World = {
    start,
    end: endMs,
    random,
    authorities: authoritiesOf(seed, new Date(start)),
    logs: ['Cedar 2026h2', 'Poplar 2026h2'].map((description, n) => logOf(description, n)),
    domains,
    endpoints: [],
    issuances: [],
    held: [],
    answers: [],
    expectations: [],
  };
  const services = makeServices(world, scale);
  const free = new Set(services);
  if (hasFaults) {
    const times = Math.max(1, Math.round(scale * 4));
    for (const story of stories) for (let n = 0; n < times; n += 1) playStory(world, story, free);
    for (let n = 0; n < times; n += 1) for (const play of sideStories) play(world, n);
  }
  for (const service of free) new Life(world, service, 'ordinary').goOn(endMs);
  world.issuances.sort((a, b) => a.issuedAt - b.issuedAt);
  return world;
}

function playStory(world: World, story: Story, free: Set<Service>): void {
  const take = (differentFrom?: Service): Service => {
    const found = [...free].find(
      (one) =>
        story.authorities.includes(one.authority.id) &&
        one.endpoints.length >= 3 &&
        (differentFrom === undefined || domainOf(one) !== domainOf(differentFrom)),
    );
    if (found === undefined) throw new Error(`the estate is too small for the story: ${story.id}`);
    free.delete(found);
    return found;
  };
  const service = take();
  const isManaged = story.isUnmanaged !== true;
  story.play(new Life(world, service, story.id, isManaged), () => new Life(world, take(service), story.id));
}

function domainOf({ name }: Service): string {
  return name.split('.').slice(-2).join('.');
}

function logOf(description: string, n: number): SimulatedLog {
  const id = createHash('sha256').update(description).digest('base64');
  return { id, description, operator: ['Cedar Trust', 'Poplar Networks'][n]! };
}

/** Four of five names stand alone; the fifth is an alias of another. Every service has at least three endpoints. */
function makeServices(world: World, scale: number): readonly Service[] {
  const [endpointCount, serviceCount] = [Math.round(2_000 * scale), Math.round(480 * scale)];
  const services = Array.from({ length: serviceCount }, (_, n): Service => {
    const name = `${words[n % words.length]}-${n}.${domains[n % domains.length]}`;
    return {
      name,
      names: n % 4 === 3 ? [name, `www.${name}`] : [name],
      source: `acme:${owners[n % owners.length]}`,
      authority: world.authorities[usual[Math.floor(n / 3) % usual.length]!],
      endpoints: [],
    };
  });
  for (let n = 0; n < endpointCount; n += 1) {
    const service = n < serviceCount * 3 ? services[n % serviceCount]! : pickOne(world.random, services);
    (service.endpoints as unknown[]).push(addEndpoint(world, service.name));
  }
  return services;
}

function pickOne(random: Random, services: readonly Service[]): Service {
  return random.pick(services);
}
