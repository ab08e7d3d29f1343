import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { pino } from 'pino';
import type { Memory, Scanner, Surroundings } from '../../../scanners/scanner.js';
import { tlsConfig } from '../../../scanners/tls/config.js';
import { createGroupScans } from '../../../scanners/tls/group-scans.js';
import type { Fact } from '../../../src/model/fact.js';
import type { ScanRun } from '../../../src/model/scan-run.js';
import { emptyMemory } from '../../support/memory.js';
import { closedPort } from '../../support/tls-servers.js';

const forever = new AbortController().signal;

function surroundings(changes: Partial<Memory> = {}, running: string[] = []): Surroundings {
  return {
    log: pino({ level: 'silent' }),
    folder: null,
    resolvers: [],
    ownedDomains: ['example.internal'],
    memory: emptyMemory(changes),
    onProgress: (_id, name, progress) => running.push(`${name} ${progress === null ? 'ended' : 'runs'}`),
  };
}

function configOf(group: Record<string, unknown>) {
  return tlsConfig.parse({
    groups: [{ name: 'lab', depth: 'fast', ...group }],
    rate: { global: 0, perAddress: 0, perNetwork: 0 },
    dns: { servers: [] },
  });
}

async function run(scanner: Scanner | undefined): Promise<readonly Fact[]> {
  const facts: Fact[] = [];
  assert.ok(scanner);
  await scanner.run({ take: async (fact) => void facts.push(fact) }, forever);
  return facts;
}

const runsIn = (facts: readonly Fact[]): readonly ScanRun[] =>
  facts.flatMap((fact) => (fact.kind === 'scan-run' ? [fact.run] : []));

describe('the scans of groups', () => {
  it('keep their name while the targets stay, and get another when they change', () => {
    const nameOf = (targets: readonly string[]): string | undefined =>
      createGroupScans(configOf({ targets }), surroundings())[0]?.name;
    assert.equal(nameOf(['127.0.0.1']), nameOf(['127.0.0.1']));
    assert.notEqual(nameOf(['127.0.0.1']), nameOf(['127.0.0.2']));
    assert.match(String(nameOf([])), /^scan:lab:[0-9a-f]{12}$/);
  });

  it('run on their schedule, or once without one', () => {
    const whenOf = (schedule: string | null): Scanner['when'] | undefined =>
      createGroupScans(configOf({ schedule }), surroundings())[0]?.when;
    assert.deepEqual(whenOf('5 * * * *'), { cron: '5 * * * *' });
    assert.equal(whenOf(null), 'once');
  });

  it('probe learned names in a run of their own, without those the operator listed', async () => {
    const { port } = await closedPort();
    const asked: string[] = [];
    const running: string[] = [];
    const learned = async function* (): AsyncGenerator<string> {
      yield '127.73.0.1';
      asked.push('asked');
    };
    const config = configOf({ targets: ['127.73.0.1'], ports: [port], learned: true });
    const scanners = createGroupScans(config, surroundings({ learnedNames: learned }, running));
    const facts = await run(scanners[0]);
    const ended = runsIn(facts).filter(({ finishedAt }) => finishedAt !== null);
    assert.deepEqual(
      ended.map(({ name, targets }) => [name, targets]),
      [
        ['lab', 1],
        ['lab (learned names)', 0],
      ],
    );
    assert.deepEqual(asked, ['asked']);
    assert.equal(running.at(-1), 'lab (learned names) ended');
  });

  it('resume a run over the same targets only, at the point it was stopped', async () => {
    const { port } = await closedPort();
    const config = configOf({ targets: [`127.74.0.0/21:${port}`] });
    const stop = new AbortController();
    const first: Fact[] = [];
    const [scanner] = createGroupScans(config, surroundings());
    const taking = {
      async take(fact: Fact) {
        first.push(fact);
        if (fact.kind === 'observations') stop.abort();
      },
    };
    await scanner?.run(taking, stop.signal);
    const stopped = runsIn(first).at(-1);
    assert.match(String(stopped?.resume), /^[0-9a-f]{12}\//);
    const unfinished = (resume: string) => async () => [{ ...(stopped as ScanRun), resume }];
    const resumed = createGroupScans(
      config,
      surroundings({ unfinishedScans: unfinished(String(stopped?.resume)) }),
    );
    assert.equal(runsIn(await run(resumed[0])).at(-1)?.id, stopped?.id);
    const other = createGroupScans(config, surroundings({ unfinishedScans: unfinished('000000000000/1:2') }));
    assert.notEqual(runsIn(await run(other[0])).at(-1)?.id, stopped?.id);
  });
});
