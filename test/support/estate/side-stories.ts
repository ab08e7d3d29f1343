import { addEndpoint, dayMs, hourMs, issue, tbsOf, type Issuance, type World } from './world.js';

/** What happens beside the services. `n` tells repetitions apart. */
export const sideStories: readonly ((world: World, n: number) => void)[] = [
  deployedLate,
  lookAlike,
  watchedOrganization,
  danglingName,
];

const graceMs = 24 * hourMs;

function day(world: World, least: number, most: number): number {
  return world.start + (least + world.random.next() * (most - least)) * dayMs;
}

/** Somebody requests a certificate for a machine that answers some days later only. */
function deployedLate(world: World, n: number): void {
  const at = day(world, 15, 60);
  const name = `new-${n}.example.com`;
  const issuance = issue(world, { authority: world.authorities.northgate, names: [name], at });
  const servedAt = at + world.random.between(3, 8) * dayMs;
  const endpoint = addEndpoint(world, name);
  endpoint.stays.push({ from: servedAt, issuance, version: 'TLSv1.3' });
  expect(world, 'deployed late', 'unexplained-issuance', issuance, issuance.loggedAt! + graceMs, servedAt);
  // Nobody renews it.
  const pointAt = at + issuance.authority.lifetimeDays * dayMs * (2 / 3 + 1 / 20);
  const from = Math.max(servedAt, pointAt);
  expect(world, 'deployed late', 'predicted-outage', issuance, from, issuance.notAfter);
  const seenAt = world.start + Math.ceil((servedAt - world.start) / dayMs) * dayMs;
  world.expectations.push({
    rule: 'new-endpoint',
    kind: 'endpoint',
    key: endpoint.key,
    from: seenAt,
    until: seenAt + 3 * dayMs + 1,
    story: 'deployed late',
  });
}

/** Certificates for a domain made to look like one of ours. */
function lookAlike(world: World, n: number): void {
  const at = day(world, 5, 60);
  const domain = `examp1e-${n}.com`;
  const name = `login.${domain}`;
  const { loggedAt, notAfter } = issue(world, {
    authority: world.authorities.quickcert,
    names: [name],
    at,
    matches: [{ watch: 'look-alike', item: 'example.com', value: name, reason: 'digit 1 in place of l' }],
  });
  const line = { rule: 'look-alike-domain', kind: 'domain', key: domain, story: 'look-alike domain' };
  world.expectations.push({ ...line, from: loggedAt!, until: notAfter });
}

/** A name that is on the watch list without being owned. */
function watchedOrganization(world: World, n: number): void {
  const at = day(world, 5, 60);
  const names = [`portal-${n}.partner.test`];
  const issuance = issue(world, {
    authority: world.authorities.northgate,
    names,
    at,
    matches: [{ watch: 'exact-name', item: names[0]!, value: names[0]!, reason: null }],
  });
  expect(world, 'watched name', 'watched-name', issuance, issuance.loggedAt!, issuance.notAfter);
}

/** A client goes on renewing for a name whose alias leads nowhere. */
function danglingName(world: World, n: number): void {
  const name = `campaign-${n}.example.org`;
  const source = 'acme:commerce';
  const lostAt = day(world, 10, 20);
  const renewedAt = [world.start + 2 * dayMs, world.start + 60 * dayMs] as const;
  for (const [index, at] of renewedAt.entries()) {
    const issuance = issue(world, { authority: world.authorities.northgate, names: [name], at });
    world.held.push({ issuance, source, reference: name, from: at, until: renewedAt[index + 1] ?? Infinity });
  }
  const base = { question: 'name', key: name, checkedAt: new Date(0), detail: null, https: [] } as const;
  const found = {
    ...base,
    since: new Date(world.start),
    outcome: 'found',
    addresses: ['198.18.0.1'],
    aliases: [],
  } as const;
  const aliases = [`${name}.cdn.test`];
  const lost = { ...base, since: new Date(lostAt), outcome: 'nxdomain', addresses: [], aliases } as const;
  world.answers.push({ from: world.start, until: lostAt, answer: found });
  world.answers.push({ from: lostAt, until: Infinity, answer: lost });
  const story = 'alias that leads nowhere';
  const until = Infinity;
  world.expectations.push({
    rule: 'dangling-name',
    kind: 'name',
    key: name,
    from: lostAt + dayMs,
    until,
    story,
  });
  const item = `${source} ${name}`;
  const line = { rule: 'not-in-use', kind: 'inventory', key: item, story };
  const [first, second] = renewedAt;
  // The next certificate is new to the inventory again.
  world.expectations.push(
    { ...line, from: first + 7 * dayMs, until: second },
    { ...line, from: second + 7 * dayMs, until },
  );
}

function expect(
  world: World,
  story: string,
  rule: string,
  issuance: Issuance,
  from: number,
  until: number,
): void {
  world.expectations.push({ rule, kind: 'issuance', key: tbsOf(issuance), from, until, story });
}
