import { z } from 'zod';
import { cronExpression } from '../../src/lib/cron-expression.js';
import { fromLines } from '../../src/lib/settings-lists.js';
import { starttlsChoices } from '../../src/model/target.js';
import { parseExpression, serverNameOf } from './targets/expression.js';
import { readExclusion, readRange } from './targets/scope.js';

/** How much is asked of an endpoint; see the description of the key. */
export const depths = ['fast', 'full', 'survey'] as const;

/** One of {@link depths}. */
export type Depth = (typeof depths)[number];

const port = z.int().min(1).max(65_535);
const perSecond = (initial: number, description: string) =>
  z.number().min(0).max(1_000_000).default(initial).describe(`${description} 0 means no limit.`);

const quietPeriod = z
  .strictObject({
    days: z
      .array(z.enum(['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']))
      .default([])
      .describe('Days on which the period starts; none means every day.'),
    from: z
      .string()
      .regex(/^([01]\d|2[0-3]):[0-5]\d$/)
      .default('00:00')
      .describe('Start, HH:MM in UTC.'),
    to: z
      .string()
      .regex(/^([01]\d|2[0-3]):[0-5]\d$/)
      .default('00:00')
      .describe('End, HH:MM in UTC; at or before `from` means the next day.'),
  })
  .describe('A daily period in which no probe is started.');

/** A named list of targets that is scanned together. */
export const targetGroup = z.strictObject({
  name: z.string().min(1).max(100).default('default').describe('Name of the group, shown with its scans.'),
  targets: z
    .array(z.string().min(1))
    .default([])
    .describe(
      'host, host:port, address, [v6]:port, CIDR, a-b range, mx:domain, srv:name, or @file of such lines.',
    ),
  ports: z.array(port).min(1).default([443]).describe('Ports of targets that name none.'),
  schedule: cronExpression
    .nullable()
    .default('17 */6 * * *')
    .describe('Cron expression (UTC) of the scans; null scans only when asked to.'),
  starttls: z
    .enum(starttlsChoices)
    .default('auto')
    .describe('Plain-text protocol to upgrade: auto picks it by port, none starts with TLS.'),
  serverName: z
    .string()
    .superRefine((name, context) => {
      const message = faultOf(() => serverNameOf(name));
      if (message !== null) context.addIssue({ code: 'custom', message });
    })
    .nullable()
    .default(null)
    .describe('Server name (SNI) for every target; null sends the host name, and none to plain addresses.'),
  depth: z
    .enum(depths)
    .default('survey')
    .describe(
      'fast stops at the certificate, full completes the handshake, survey also asks new and changed endpoints (and all every surveyEveryHours) for versions, suites, groups and further certificates, once everything has been probed.',
    ),
  learned: z
    .boolean()
    .default(false)
    .describe('Also scan names under owned domains that certificates and CT logs have shown.'),
});

/** One group of targets. */
export type TargetGroup = z.infer<typeof targetGroup>;

const rateLimits = z.strictObject({
  global: perSecond(1000, 'Connections per second in all.'),
  perAddress: perSecond(20, 'Connections per second to one address.'),
  perNetwork: perSecond(200, 'Connections per second to one /24 (IPv4) or /48 (IPv6).'),
  perName: perSecond(20, 'Connections per second on behalf of one host name.'),
  backOff: z
    .boolean()
    .default(true)
    .describe('Slow down, up to 16 times, for a network whose endpoints stop answering or reset.'),
});

/** Limits of politeness. */
export type RateLimits = z.infer<typeof rateLimits>;

const dns = z.strictObject({
  servers: z
    .array(z.string().min(1))
    .default([])
    .describe('Name servers, address or address:port; none means those of the system.'),
  timeoutMs: z.int().min(100).max(60_000).default(3000).describe('Longest wait for one answer, in ms.'),
  families: z
    .array(z.union([z.literal(4), z.literal(6)]))
    .min(1)
    .default([4, 6])
    .describe('Address families to look up.'),
  maxAddresses: z
    .int()
    .min(1)
    .max(1000)
    .default(32)
    .describe('Addresses probed per name and family; a name with more is reported in the log.'),
});

/** Groups are known by their names; a target that cannot be read must not wait for the first scan to be told. */
function checkGroups(groups: readonly TargetGroup[], context: z.RefinementCtx): void {
  const names = new Set<string>();
  groups.forEach(({ name, targets }, index) => {
    if (names.has(name)) {
      const message = `a group before is named ${JSON.stringify(name)} too; give every group a name of its own`;
      context.addIssue({ code: 'custom', path: [index, 'name'], message });
    }
    names.add(name);
    targets.forEach((target, place) => {
      const message = targetFault(target);
      if (message !== null) context.addIssue({ code: 'custom', path: [index, 'targets', place], message });
    });
  });
}

function targetFault(target: string): string | null {
  return faultOf(() => {
    if (parseExpression(target).kind === 'stdin')
      throw new Error('standard input is for "certglass scan" only');
  });
}

/** What `read` complains of; null when it does not. */
function faultOf(read: () => unknown): string | null {
  try {
    read();
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** A list each entry of which `read` accepts: what cannot be read must not wait for the first connection to be told. */
function listOf(read: (entry: string) => unknown) {
  return z.array(z.string().min(1)).superRefine((entries, context) => {
    entries.forEach((entry, place) => {
      const message = faultOf(() => read(entry));
      if (message !== null) context.addIssue({ code: 'custom', path: [place], message });
    });
  });
}

/** How the TLS scanner works; groups say what it scans. */
export const tlsConfig = z.strictObject({
  groups: z.array(targetGroup).superRefine(checkGroups).default([]).describe('What to scan.'),
  scope: listOf(readRange)
    .default([])
    .meta(fromLines(''))
    .describe(
      'Allow-list of CIDRs, ranges or addresses, or @FILE with one a line, that every connection must fall into. Empty: addresses and ranges as ' +
        'written, and for names every unicast address that is not link-local or reserved.',
    ),
  exclude: listOf(readExclusion)
    .default([])
    .meta(fromLines(''))
    .describe(
      'CIDRs, ranges, addresses and names (*.example.com for everything below), or @FILE with one a line, that are never connected to.',
    ),
  excludeOwnAddresses: z.boolean().default(false).describe('Never connect to an address of this machine.'),
  confirmLargeRanges: z
    .union([z.boolean(), z.int().min(1)])
    .default(false)
    .describe(
      'Permit ranges larger than a /16 (IPv6: a /112): true any, a number those of at most so many addresses. Scan only what you own.',
    ),
  concurrency: z.int().min(1).max(20_000).default(256).describe('Connections open at the same time.'),
  workers: z
    .int()
    .min(0)
    .max(64)
    .nullable()
    .default(null)
    .describe(
      'Worker threads for fast probes; 0 none, null one for each core beyond the second, from 5,000 targets on.',
    ),
  deadlineMs: z
    .int()
    .min(100)
    .max(600_000)
    .default(10_000)
    .describe(
      'Absolute limit of one probe in ms: name resolution, connection, STARTTLS, handshake and retries, not their turn.',
    ),
  surveyDeadlineMs: z
    .int()
    .min(1000)
    .max(3_600_000)
    .default(120_000)
    .describe('Absolute limit of the survey of one endpoint in ms; it comes after the probe.'),
  surveyEveryHours: z
    .number()
    .gt(0)
    .max(8760)
    .default(24)
    .describe(
      'Groups of depth survey: an endpoint that has not changed is surveyed again after this many hours; a new or changed one at once.',
    ),
  retries: z
    .int()
    .min(0)
    .max(10)
    .default(1)
    .describe(
      'Further tries within the deadline after a transient error (reset, orderly close, local shortage).',
    ),
  maxBytes: z
    .int()
    .min(16_384)
    .max(16_777_216)
    .default(262_144)
    .describe('Most bytes read from one server, its certificate message apart.'),
  maxCertificateBytes: z
    .int()
    .min(16_384)
    .max(16_777_215)
    .default(1_048_576)
    .describe('Longest certificate message read.'),
  rate: rateLimits.prefault({}).describe('Limits of politeness.'),
  jitterMs: z
    .int()
    .min(0)
    .max(600_000)
    .default(0)
    .describe('Random wait before each probe, up to this many ms.'),
  quietHours: z.array(quietPeriod).default([]).describe('Periods in which no probe is started.'),
  sourceAddresses: z
    .array(z.union([z.ipv4(), z.ipv6()]))
    .default([])
    .describe('Local addresses to connect from, used in turn per family; none lets the system choose.'),
  dns: dns.prefault({}).describe('Name resolution.'),
});

/** Configuration of the TLS scanner. */
export type TlsConfig = z.infer<typeof tlsConfig>;

/** One period of {@link tlsConfig} `quietHours`. */
export type QuietPeriod = z.infer<typeof quietPeriod>;
