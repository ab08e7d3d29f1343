import assert from 'node:assert/strict';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import { buildApi } from '../../src/api/build.js';
import { apiConfig } from '../../src/api/config.js';
import { EventLog } from '../../src/lib/event-log.js';
import type { Insight } from '../../src/api/insight.js';
import type { ServiceParts } from '../../src/api/routes.js';
import { defaultPolicy } from '../../src/rules/config.js';
import { explainPolicy } from '../../src/rules/explain-policy.js';
import { temporaryFolder } from '../store/sample.js';
import type { ApiReader } from '../../src/store/console-reader.js';

/** Secrets long enough for tokens, one of each role, and one that has expired. */
export const secrets = {
  reader: 'reader-secret-canary-0123456789',
  operator: 'operator-secret-canary-0123456789',
  admin: 'admin-secret-canary-0123456789',
  expired: 'expired-secret-canary-0123456789',
} as const;

/** Those tokens as configuration. */
export const tokens = [
  { name: 'rita', token: secrets.reader, role: 'reader' },
  { name: 'otto', token: secrets.operator, role: 'operator' },
  { name: 'ada', token: secrets.admin, role: 'admin', expiresAt: '2027-01-01T00:00:00+01:00' },
  { name: 'eve', token: secrets.expired, role: 'admin', expiresAt: '2026-11-23T12:00:00Z' },
] as const;

/** The clock of these tests: the instant at which eve's token ends. */
export const now = new Date('2026-11-23T12:00:00Z');

/** A reader that must not be asked anything. */
export const untouched: ApiReader = new Proxy({} as ApiReader, {
  get: (_target, name) => () => {
    throw new Error(`the store was asked for ${String(name)}`);
  },
});

/** Does nothing. */
export const noActions: ServiceParts['actions'] = {
  changeFinding: async () => null,
  sendAgain: async () => null,
  testChannel: async () => null,
  startScan: async () => 'no scans in this test',
  previewScan: async () => ({ targets: [], endpoints: 0, refused: 0, seconds: 0 }),
  stopScan: async () => false,
  isStoppable: () => false,
  pushInventory: async () => 'nothing is pushed in this test',
};

/** Says nothing of any certificate. */
export const noInsight: Insight = {
  sctLogIds: () => [],
  examine: async () => ({
    extensions: [],
    unreadable: null,
    chain: [],
    trust: [],
    transparency: null,
    verdicts: [],
  }),
  text: () => 'text',
  bytes: async () => new Map(),
};

/** Configured already. */
const noSetup: ServiceParts['setup'] = {
  needed: () => false,
  file: null,
  refusal: () => 'configured',
  preview: () => assert.fail('nothing is set up in this test'),
  save: async () => 'nothing is set up in this test',
};

/** Parts of an API that has no store behind it, with some replaced. */
export function parts(change: Partial<ServiceParts> = {}): ServiceParts {
  return {
    reader: untouched,
    health: async () => ({ ok: true, detail: '', spooledBytes: 0, blocked: false }),
    rules: [],
    actions: noActions,
    scanProgress: () => null,
    metrics: new Registry(),
    version: '0.0.0-test',
    now: () => now,
    dataDir: temporaryFolder(),
    consoleDir: '/nonexistent',
    localToken: null,
    writeAudit: async () => undefined,
    recall: async () => ({
      measuredAt: now,
      operators: [{ operator: 'Operator A', expected: 40, found: 38 }],
      missing: [],
      names: { logged: 10, scanned: 7 },
    }),
    reviews: {
      list: async () => [],
      due: async () => [],
      get: async () => null,
      start: async () => 'not here',
      confirm: async () => null,
      close: async () => null,
    },
    backup: async (name) => ({ path: `/backups/${name}` }),
    explainPolicy: (place) => explainPolicy(place, defaultPolicy),
    previewPolicy: async () => ({
      opens: [],
      closes: [],
      changes: [],
      counts: { opens: 0, closes: 0, changes: 0 },
    }),
    incidents: {
      open: () => Promise.reject(new Error('not here')),
      list: async () => [],
      get: async () => null,
      close: async () => null,
      report: async () => null,
    },
    checkAudit: async () => ({ chains: [], earlier: 0, faults: [] }),
    insight: noInsight,
    probe: async () => 'no probes in this test',
    reporting: { reports: [], frameworks: [], report: () => null, evidence: async () => null },
    inventory: { maxAgeHours: () => 1, sources: () => ['files:a'], isRunning: () => false, read: () => true },
    settings: () => [],
    channels: () => [],
    explainAlerts: async () => [],
    setup: noSetup,
    events: new EventLog(100),
    ...change,
  };
}

/** The API, not listening. `logged` collects what it logs. */
export function api(settings: object = {}, change: Partial<ServiceParts> = {}, logged: string[] = []) {
  const log = pino({ level: 'trace' }, { write: (line: string) => void logged.push(line) });
  return buildApi(apiConfig.parse(settings), parts(change), log);
}

/** Header of a token. */
export function bearer(token: string): { authorization: string } {
  return { authorization: `Bearer ${token}` };
}
