import { z } from 'zod';
import { MalformedError } from '../../src/ct/bytes.js';
import { logStates, parseLog } from '../../src/ct/log-list.js';
import { fromLines } from '../../src/lib/settings-lists.js';
import { ctDefaults } from './config-defaults.js';
import { asListed, type ExtraLog } from './lists/extra-log.js';

const hex32 = z
  .string()
  .transform((text) => text.replaceAll(/[:\s]/g, '').toLowerCase())
  .refine((text) => /^[0-9a-f]{64}$/.test(text), 'expected a SHA-256: 64 hexadecimal digits');

const start = z
  .union([z.enum(['head', 'zero']), z.int().min(0), z.iso.date(), z.iso.datetime({ offset: true })])
  .describe('where a log is read from at first: head, zero, an index, or a date such as 2026-01-31');

const fileOrUrl = z
  .string()
  .min(1)
  .refine(
    (text) => !text.includes('://') || (/^https?:/i.test(text) && URL.canParse(text)),
    'must be a file, or an http or https URL',
  );

const logLists = z
  .array(
    z.strictObject({
      source: fileOrUrl.describe('file or https URL of a log list v3'),
      publicKey: z
        .string()
        .nullable()
        .default(null)
        .describe('PEM file of the key that signs the list; null trusts the file or the HTTPS server'),
      signature: fileOrUrl
        .nullable()
        .default(null)
        .describe('file or URL of the signature; null: the source with .sig in place of .json'),
    }),
  )
  .default(ctDefaults.logLists)
  .describe('log lists, joined by log id; the first to name a log wins');

/** Why the log cannot be followed; null when it can. */
function problemOf(log: ExtraLog): string | null {
  try {
    parseLog(asListed(log), 'configured');
    return null;
  } catch (error) {
    if (error instanceof MalformedError) return error.message;
    throw error;
  }
}

const extraLogs = z
  .array(
    z
      .strictObject({
        description: z.string().min(1).describe('name to show'),
        key: z.string().min(1).describe("base64 of the log's DER SubjectPublicKeyInfo"),
        url: z.url().nullable().default(null).describe('RFC 6962 log: its base URL'),
        submissionUrl: z.url().nullable().default(null).describe('static-ct-api log: its submission URL'),
        monitoringUrl: z.url().nullable().default(null).describe('static-ct-api log: its monitoring URL'),
        mmdSeconds: z.int().min(1).default(86_400).describe('maximum merge delay'),
      })
      .refine(
        (log) => (log.url === null) === (log.monitoringUrl !== null && log.submissionUrl !== null),
        'give url, or submissionUrl and monitoringUrl',
      )
      .superRefine((log, check) => {
        const message = problemOf(log);
        if (message !== null) check.addIssue({ code: 'custom', message });
      }),
  )
  .default(ctDefaults.extraLogs)
  .describe('logs followed beside those of the lists');

const watch = z
  .strictObject({
    domains: z
      .array(z.string().min(1))
      .default(ctDefaults.watch.domains)
      .meta(fromLines(''))
      .describe('domains watched with all sub-domains, beside policy.ownedDomains; or @FILE with one a line'),
    names: z
      .array(z.string().min(1))
      .default(ctDefaults.watch.names)
      .meta(fromLines(''))
      .describe('exact host names; wildcards that cover one count; or @FILE with one a line'),
    organizations: z
      .array(z.string().min(1))
      .default(ctDefaults.watch.organizations)
      .meta(fromLines(''))
      .describe('organization names of subjects; or @FILE with one a line'),
    issuers: z
      .array(z.string().min(1))
      .default(ctDefaults.watch.issuers)
      .meta(fromLines(''))
      .describe(
        'text contained in the issuer name (RFC 4514), for example "O=Example CA"; or @FILE with one a line',
      ),
    publicKeys: z
      .array(hex32)
      .default(ctDefaults.watch.publicKeys)
      .describe('SHA-256 of SubjectPublicKeyInfos, hex'),
    ipAddresses: z
      .array(z.string().min(1))
      .default(ctDefaults.watch.ipAddresses)
      .meta(fromLines(''))
      .describe('IP addresses in subjectAltName; or @FILE with one a line'),
    lookAlikes: z
      .strictObject({
        enabled: z
          .boolean()
          .default(ctDefaults.watch.lookAlikes.enabled)
          .describe('also report names made to look like a watched domain'),
        words: z
          .array(z.string().regex(/^[a-z0-9-]+$/))
          .default(ctDefaults.watch.lookAlikes.words)
          .describe(
            'further words whose addition to a domain is suspicious (login, secure, ... are built in)',
          ),
        ignore: z
          .array(z.string().min(1))
          .default(ctDefaults.watch.lookAlikes.ignore)
          .describe('look-alike domains known to be harmless, with their sub-domains'),
      })
      .prefault({})
      .describe('homoglyphs, typos, added words, other top-level domains'),
  })
  .prefault({})
  .describe('what to look for in the logs');

const health = z
  .strictObject({
    unreachableHours: z
      .number()
      .positive()
      .default(ctDefaults.health.unreachableHours)
      .describe('finding ct-log-unreachable when a log has not answered for so long (as certspotter)'),
    laggingMinutes: z
      .number()
      .positive()
      .default(ctDefaults.health.laggingMinutes)
      .describe('finding ct-log-lagging when a tree head seen so long ago is not read yet'),
    stuckHours: z
      .number()
      .positive()
      .default(ctDefaults.health.stuckHours)
      .describe('finding ct-log-lagging when a log in its active period has not grown for so long'),
  })
  .prefault({})
  .describe("when a log's condition becomes a finding");

const canary = z
  .strictObject({
    domain: z
      .string()
      .nullable()
      .default(ctDefaults.canary.domain)
      .describe('domain below which you have a test certificate issued regularly; null: none'),
    everyHours: z
      .number()
      .positive()
      .default(ctDefaults.canary.everyHours)
      .describe('a finding when no entry was seen for so long'),
  })
  .prefault({})
  .describe('proof that the whole chain from a log to an alert works');

const perLog = z
  .record(
    z.string(),
    z.strictObject({
      enabled: z.boolean().default(true).describe('false: never contacted'),
      pageSize: z.int().min(1).max(4096).nullable().default(null).describe('entries per request'),
      concurrency: z.int().min(1).max(64).nullable().default(null).describe('requests at the same time'),
      requestsPerSecond: z.number().positive().nullable().default(null).describe('requests per second'),
      start: start
        .nullable()
        .default(null)
        .describe('Where this log is read from at first; null: as ct.start says.'),
    }),
  )
  .default(ctDefaults.logs)
  .describe('settings of single logs, by log id or description');

const limits = z
  .strictObject({
    pageSize: z
      .int()
      .min(1)
      .max(4096)
      .default(ctDefaults.limits.pageSize)
      .describe('entries asked for at once from RFC 6962 logs, until a log is known to give fewer'),
    concurrency: z
      .int()
      .min(1)
      .max(64)
      .default(ctDefaults.limits.concurrency)
      .describe('requests to one host at the same time'),
    requestsPerSecond: z
      .number()
      .positive()
      .nullable()
      .default(ctDefaults.limits.requestsPerSecond)
      .describe(
        'requests per second to one host; null: what concurrency allows, halved whenever the host says 429',
      ),
    backfillRequestsPerSecond: z
      .number()
      .positive()
      .default(ctDefaults.limits.backfillRequestsPerSecond)
      .describe('of these, for reading back what was logged before the start'),
    connections: z
      .int()
      .min(1)
      .max(1024)
      .default(ctDefaults.limits.connections)
      .describe('requests to all hosts at the same time'),
    maxBodyMegabytes: z
      .number()
      .min(1)
      .max(256)
      .default(ctDefaults.limits.maxBodyMegabytes)
      .describe('largest answer read, decompressed'),
    requestSeconds: z
      .number()
      .positive()
      .default(ctDefaults.limits.requestSeconds)
      .describe('longest time for one request'),
    connectSeconds: z
      .number()
      .positive()
      .default(ctDefaults.limits.connectSeconds)
      .describe('longest time to connect'),
  })
  .prefault({})
  .describe('how hard logs are asked; polite by default');

/** Certificate Transparency: which logs to follow, what to look for, how hard to ask. */
export const ctConfig = z
  .strictObject({
    enabled: z.boolean().default(ctDefaults.enabled).describe('follow Certificate Transparency logs'),
    logLists,
    logListMinutes: z
      .number()
      .positive()
      .default(ctDefaults.logListMinutes)
      .describe('time between two looks at the log lists'),
    states: z
      .array(z.enum(logStates))
      .default(ctDefaults.states)
      .describe('states of the log list that are followed; unstated: a log without a state'),
    extraLogs,
    logs: perLog,
    start: start.default(ctDefaults.start),
    newLogsFrom: z
      .enum(['head', 'zero'])
      .default(ctDefaults.newLogsFrom)
      .describe('where a log is read from that joins the list later'),
    watch,
    keep: z
      .enum(['matched', 'names', 'all'])
      .default(ctDefaults.keep)
      .describe('entries stored: those that match, all without their bytes, or all'),
    pollSeconds: z
      .number()
      .min(0.05)
      .default(ctDefaults.pollSeconds)
      .describe('longest wait between two polls of a tree head; busy logs are polled more often'),
    minPollSeconds: z
      .number()
      .min(0.05)
      .default(ctDefaults.minPollSeconds)
      .describe('shortest wait between two looks at a tree head'),
    feeds: z
      .array(z.url({ protocol: /^wss?$/ }))
      .default(ctDefaults.feeds)
      .describe('certstream WebSocket servers; their entries are hints until read from the log itself'),
    contact: z
      .string()
      .nullable()
      .default(ctDefaults.contact)
      .describe('e-mail address or https URL in the User-Agent, so that log operators can reach you'),
    workers: z
      .int()
      .min(1)
      .max(64)
      .nullable()
      .default(ctDefaults.workers)
      .describe('threads that decode; null: one less than there are cores, at most 4'),
    limits,
    health,
    canary,
  })
  .refine(
    (config) => config.minPollSeconds <= config.pollSeconds,
    'minPollSeconds must not exceed pollSeconds',
  )
  .describe('Certificate Transparency');

/** A checked {@link ctConfig}. */
export type CtConfig = z.infer<typeof ctConfig>;

/** Where to start in a log. */
export type StartAt = z.infer<typeof start>;
