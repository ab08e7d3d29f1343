import { z } from 'zod';
import { secretString } from '../lib/secret.js';

const days = (what: string, value: number): z.ZodDefault<z.ZodNumber> =>
  z.number().int().min(0).max(36_500).default(value).describe(`Days to keep ${what}; 0 keeps them for ever.`);

const retentionDays = z
  .strictObject({
    observations: days('observations of endpoints', 760),
    ctEntries: days('matched CT log entries, after the log dated them', 0),
    findings: days('findings and their history, after they were last seen', 1_825),
    deliveries: days('what was sent to alert channels', 760),
    inventory: days('items of superseded inventory runs', 30),
    scans: days('scan runs', 760),
    network: days(
      'answers about revocation, CAA, names and renewal windows, after they were last given',
      800,
    ),
    audit: days('the audit trail', 1_825),
  })
  .prefault({})
  .describe(
    'How long rows are kept. The defaults cover an audit period of a year and twelve months after it. What is deleted is noted in the audit trail.',
  );

const embedded = z
  .strictObject({
    port: z
      .number()
      .int()
      .min(0)
      .max(65_535)
      .default(0)
      .describe('Loopback port of the embedded engine; 0 takes a free one. Set it so that Grafana can read.'),
    readerPassword: secretString
      .prefault('')
      .describe('Password of the read-only user `reader` (for Grafana); empty: no such user.'),
    readerCpuMs: z
      .number()
      .int()
      .min(100)
      .max(600_000)
      .default(800)
      .describe(
        'Processor time that one statement of the user `reader` may take, milliseconds; raise it for dashboards over very large stores.',
      ),
    readers: z
      .number()
      .int()
      .min(1)
      .max(32)
      .default(4)
      .describe('Queries of the product that may run at the same time.'),
    backupDir: z
      .string()
      .default('')
      .describe('Folder below which backups are written; empty: `backups` in dataDir.'),
    upgradeBackups: z
      .number()
      .int()
      .min(0)
      .max(100)
      .default(2)
      .describe(
        'An upgrade that changes the schema backs up the database first; this many of these backups are kept. 0 makes none.',
      ),
    memoryMiB: z
      .number()
      .int()
      .min(256)
      .max(1_048_576)
      .default(900)
      .describe('Most memory the engine may take, MiB.'),
  })
  .prefault({})
  .describe('The embedded engine.');

const spool = z
  .strictObject({
    dir: z
      .string()
      .default('')
      .describe('Folder for batches that wait for the database; empty: `spool` beside or in dataDir.'),
    maxMiB: z
      .number()
      .int()
      .min(1)
      .max(1_048_576)
      .default(2_048)
      .describe('Most bytes the spool may hold, MiB; when full, ingest pauses.'),
    afterMs: z
      .number()
      .int()
      .min(0)
      .max(600_000)
      .default(2_000)
      .describe('A write goes to the spool after the database failed for this long, milliseconds.'),
  })
  .prefault({})
  .describe('Where batches wait while the database is away.');

const batch = z
  .strictObject({
    rows: z.number().int().min(1).max(1_000_000).default(100_000).describe('Most rows of one insert.'),
    maxMiB: z.number().int().min(1).max(48).default(24).describe('Most bytes of one insert, MiB.'),
    ageMs: z
      .number()
      .int()
      .min(0)
      .max(60_000)
      .default(500)
      .describe('Shortest time between two inserts into one table that are not full, milliseconds.'),
    pendingMiB: z
      .number()
      .int()
      .min(1)
      .max(4_096)
      .default(96)
      .describe('Bytes that may wait in memory before writers are made to wait, MiB.'),
  })
  .prefault({})
  .describe('How rows are gathered into inserts.');

const query = z
  .strictObject({
    maxSeconds: z.number().int().min(1).max(3_600).default(30).describe('Longest a query may run, seconds.'),
    maxMemoryMiB: z
      .number()
      .int()
      .min(16)
      .max(1_048_576)
      .default(400)
      .describe('Most memory of a query, MiB.'),
    maxThreads: z.number().int().min(1).max(256).default(2).describe('Most threads of a query.'),
  })
  .prefault({})
  .describe('Limits of every query the product makes.');

/** Configuration of the store. */
export const storeConfig = z
  .strictObject({
    mode: z
      .enum(['embedded', 'server', 'cluster'])
      .default('embedded')
      .describe('`embedded` runs ClickHouse in a child process; `server` and `cluster` need `url`.'),
    dataDir: z.string().min(1).default('certglass-data').describe('Data folder of the embedded engine.'),
    url: z
      .string()
      .default('')
      .describe('URL of a ClickHouse server, http or https; modes server and cluster.'),
    username: z.string().default('default').describe('User on the ClickHouse server.'),
    password: secretString.prefault('').describe('Password on the ClickHouse server.'),
    database: z
      .string()
      .regex(/^[A-Za-z_][A-Za-z0-9_]{0,62}$/, 'letters, digits and underscores only')
      .default('certglass')
      .describe('Database; it is created when it is absent.'),
    cluster: z
      .string()
      .regex(/^[A-Za-z0-9_.-]*$/, 'letters, digits, dots, dashes and underscores only')
      .default('')
      .describe('Name of the cluster in the server configuration; mode cluster.'),
    caFile: z
      .string()
      .default('')
      .describe('PEM file of certificate authorities to trust for https; empty: the system.'),
    compression: z
      .boolean()
      .default(false)
      .describe('Compress what goes to and comes from the server (gzip).'),
    requestTimeoutMs: z
      .number()
      .int()
      .min(1_000)
      .max(3_600_000)
      .default(60_000)
      .describe('Deadline of one request to the database, milliseconds.'),
    minFreeMiB: z
      .number()
      .int()
      .min(0)
      .max(1_048_576)
      .default(1_024)
      .describe(
        'Intake stops, with a finding, while the disk of dataDir has less free than this, MiB; 0: never.',
      ),
    embedded,
    retentionDays,
    spool,
    batch,
    query,
  })
  .superRefine((config, context) => {
    const server = config.mode !== 'embedded';
    if (server && !/^https?:\/\/[^\s]+$/.test(config.url)) {
      context.addIssue({
        code: 'custom',
        path: ['url'],
        message: `mode ${config.mode} needs a URL such as https://clickhouse.example:8443`,
      });
    }
    if (!server && config.url !== '') {
      context.addIssue({
        code: 'custom',
        path: ['url'],
        message: 'a URL is given, but mode is embedded: write mode: server',
      });
    }
    if (config.mode === 'cluster' && config.cluster === '') {
      context.addIssue({
        code: 'custom',
        path: ['cluster'],
        message: 'mode cluster needs the name of the cluster',
      });
    }
  })
  .describe('Where everything is remembered.');

/** Configuration of the store, defaults filled in. */
export type StoreConfig = z.infer<typeof storeConfig>;
