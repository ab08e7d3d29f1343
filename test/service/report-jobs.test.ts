import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { configSchema } from '../../src/config/config.js';
import type { Incident } from '../../src/model/incident.js';
import type { ReportRequest } from '../../src/model/reporting.js';
import type { ReviewDue } from '../../src/model/review.js';
import { periodBefore, reportJobs, type ReportJobParts } from '../../src/service/report-jobs.js';
import type { Job } from '../../src/service/schedule.js';
import { startSmtpSink, type SmtpSink } from '../support/smtp-sink.js';

const day = (text: string): Date => new Date(`${text}T00:00:00Z`);

for (const [every, now, from, to] of [
  ['week', '2026-12-07', '2026-11-30', '2026-12-07'],
  ['week', '2026-12-13', '2026-11-30', '2026-12-07'],
  ['month', '2026-12-01', '2026-11-01', '2026-12-01'],
  ['month', '2027-01-31', '2026-12-01', '2027-01-01'],
  ['quarter', '2026-12-31', '2026-07-01', '2026-10-01'],
  ['quarter', '2027-01-01', '2026-10-01', '2027-01-01'],
  ['year', '2027-01-01', '2026-01-01', '2027-01-01'],
] as const)
  it(`takes the last whole ${every} before ${now}`, () =>
    assert.deepEqual(periodBefore(every, day(now)), { from: day(from), to: day(to) }));

describe('reports that are sent', () => {
  let sink: SmtpSink;
  before(async () => void (sink = await startSmtpSink()));
  after(() => sink.close());
  const signal = new AbortController().signal;

  function jobs(change: object = {}, parts: Partial<ReportJobParts> = {}, port = sink.port): readonly Job[] {
    const config = configSchema.parse({
      alerts: {
        channels: [
          {
            type: 'email',
            host: '127.0.0.1',
            port,
            security: 'none',
            from: 'certglass@example.com',
            to: ['ops@example.com'],
          },
        ],
      },
      reports: { schedules: [{ report: 'inventory', every: 'quarter', ...change }], reviews: ['ciphers'] },
    });
    return reportJobs(config, {
      store: { lastScheduleRuns: async () => new Map() },
      reporting: {
        reports: [{ id: 'inventory', title: 'Inventory', description: '' }],
        report: (id, request) => (id === 'inventory' ? written(request) : null),
      },
      reviews: { due: async () => [] },
      pipeline: { incident: async () => undefined },
      now: () => day('2026-12-01'),
      waitsMs: [0, 0],
      ...parts,
    });
  }
  const asked: ReportRequest[] = [];
  async function* written(request: ReportRequest): AsyncGenerator<string> {
    asked.push(request);
    yield 'names,owner\r\n';
    yield "'=1+2,web\r\n";
  }

  it('attach the report of the last whole period, for these people, once', async () => {
    const [job] = jobs({ format: 'csv', to: ['auditor@example.com'], owner: 'web', at: '06:30' });
    assert.equal(job?.cron, '30 6 1 1,4,7,10 *');
    const ran = await job.run(signal);
    const mail = (await sink.received(1))[0]!;
    assert.deepEqual(mail.to, ['auditor@example.com']);
    assert.equal(mail.parsed.subject, '[Certglass] Inventory, 2026-07-01 to 2026-09-30');
    const [attached] = mail.parsed.attachments;
    assert.equal(attached?.filename, 'inventory-2026-07-01.csv');
    assert.equal(attached.content.toString(), "names,owner\r\n'=1+2,web\r\n");
    assert.equal(asked.at(-1)?.scope.owner, 'web');
    assert.ok(ran instanceof Date);
    const again = jobs(
      { format: 'csv', to: ['auditor@example.com'], owner: 'web', at: '06:30' },
      { store: { lastScheduleRuns: async () => new Map([[job.name, ran]]) } },
    );
    assert.deepEqual(await again[0]?.run(signal), ran);
    assert.equal(sink.mails.length, 1);
  });

  it('go to the recipients of the channel when none are named', async () => {
    await jobs()[0]?.run(signal);
    assert.deepEqual((await sink.received(2))[1]?.to, ['ops@example.com']);
  });

  it('fail with a sentence when the server does not take them, or there is no such report', async () => {
    await assert.rejects(Promise.resolve(jobs({}, {}, 1)[0]?.run(signal)), /inventory could not be sent/);
    await assert.rejects(
      Promise.resolve(jobs({ report: 'none' })[0]?.run(signal)),
      /there is no report none; there are inventory/,
    );
  });

  it('need an e-mail channel of that name', () =>
    assert.throws(() => jobs({ channel: 'slack' }), /there is no e-mail channel slack/));

  it('remind of reviews that are asked for and overdue', async () => {
    const said: Incident[] = [];
    const due = (kind: ReviewDue['kind'], dueAt: Date | null): ReviewDue => ({
      kind,
      title: kind,
      everyDays: 1,
      lastClosedAt: null,
      dueAt,
      open: null,
    });
    for (const [dueAt, active] of [
      [null, true],
      [day('2026-11-30'), true],
      [day('2026-12-02'), false],
    ] as const) {
      const parts = {
        reviews: { due: async () => [due('ciphers', dueAt), due('policy', null)] },
        pipeline: { incident: async (one: Incident) => void said.push(one) },
      };
      await jobs({}, parts).at(-1)?.run(signal);
      assert.deepEqual(
        said.splice(0).map((one) => [one.subject.key, one.active]),
        [
          ['review ciphers', active],
          ['review policy', false],
        ],
      );
    }
  });
});
