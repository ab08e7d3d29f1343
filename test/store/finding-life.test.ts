import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { storeConfig } from '../../src/store/config.js';
import { Database } from '../../src/store/database.js';
import { dialectOf } from '../../src/store/dialect.js';
import { migrate } from '../../src/store/migrate.js';
import { migrations } from '../../src/store/migrations/index.js';
import {
  findingColumns,
  toFinding,
  toFindingOfChange,
  type FindingColumns,
} from '../../src/store/rows/finding.js';
import { openEngine } from './engine.js';
import { finding, log, temporaryFolder } from './sample.js';

const before0007 = migrations.filter(({ number }) => number < 7);

/** A finding as version 0.1.0 stored it in `finding_changes`. */
const oldBody = {
  id: 'a'.repeat(32),
  rule: 'expired',
  severity: 'error',
  title: 'Certificate has expired',
  subject: { kind: 'endpoint', key: 'a|127.0.0.1|443||' },
  details: {},
  host: 'a',
  certificateSha256: null,
  state: 'resolved',
  revision: 2,
  openedAt: '2026-05-01T00:00:00.000Z',
  lastSeenAt: '2026-05-02T00:00:00.000Z',
  resolvedAt: '2026-05-03T00:00:00.000Z',
  changedBy: 'certglass',
  note: null,
};

/** What is assumed of such a finding. */
const assumed = {
  cause: oldBody.id,
  evidence: [],
  dueAt: null,
  owner: null,
  environment: null,
  tags: [],
  change: 'resolved',
  until: null,
  resolution: 'fixed',
  firstSeenAt: new Date(oldBody.openedAt),
  assignee: null,
  ticket: null,
};

it('reads a change that was stored before findings had causes and owners', () => {
  const { openedAt, lastSeenAt, resolvedAt, ...rest } = oldBody;
  assert.deepEqual(toFindingOfChange(JSON.stringify(oldBody)), {
    ...rest,
    ...assumed,
    openedAt: new Date(openedAt),
    lastSeenAt: new Date(lastSeenAt),
    resolvedAt: new Date(resolvedAt),
  });
});

it('reads a change as it was stored', () => {
  const one = finding('a', { until: new Date(0), evidence: [evidence(null), evidence(new Date(1))] });
  assert.deepEqual(toFindingOfChange(JSON.stringify(one)), one);
});

function evidence(at: Date | null) {
  return { label: 'notAfter', value: 'x', expected: 'y', source: 'scan', at };
}

describe('a database of version 0.1.0', () => {
  const config = storeConfig.parse({});
  let database: Database;
  before(async () => {
    database = new Database(config, await openEngine(temporaryFolder()));
    await migrate(database, dialectOf(config), before0007, log);
    const { id, rule, severity, title, subject, state, openedAt } = oldBody;
    await database.command(
      `INSERT INTO findings (id, rule, severity, title, subject_kind, subject_key, details, state, revision, opened_at, last_seen_at, resolved_at, version)
       SELECT {id:String}, {rule:String}, {severity:String}, {title:String}, {kind:String}, {key:String}, '{}', {state:String}, 2,
         parseDateTime64BestEffort({at:String}, 3, 'UTC') AS at, at, at, 1`,
      { id, rule, severity, title, kind: subject.kind, key: subject.key, state, at: openedAt },
    );
    await migrate(database, dialectOf(config), migrations, log);
  });
  after(() => database.close());

  for (const table of ['findings', 'findings_by_time', 'findings_now']) {
    it(`keeps its findings in ${table}, with what can be assumed of them`, async () => {
      const rows = await database.rows<FindingColumns>(`SELECT ${findingColumns} FROM ${table}`);
      assert.equal(rows.length, 1);
      const found = toFinding(rows[0]!);
      assert.deepEqual({ ...found, ...assumed }, found);
      assert.equal(found.title, oldBody.title);
    });
  }

  it('feeds new findings with all they hold into the list', async () => {
    await database.command(
      `INSERT INTO findings (id, rule, severity, state, owner, tags, opened_at, version) SELECT 'new', 'x', 'error', 'open', 'web', ['a'], now64(3), 2`,
    );
    const [row] = await database.rows<{ owner: string; tags: readonly string[] }>(
      `SELECT owner, tags FROM findings_by_time WHERE id = 'new'`,
    );
    assert.deepEqual(row, { owner: 'web', tags: ['a'] });
  });
});
