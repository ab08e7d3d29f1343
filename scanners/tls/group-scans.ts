import { createHash } from 'node:crypto';
import type { Fact } from '../../src/model/fact.js';
import type { Scanner, Sink, Surroundings } from '../scanner.js';
import type { TargetGroup, TlsConfig } from './config.js';
import { createTlsScanner } from './scanner.js';
import { createSurveyNeed } from './survey-need.js';
import { createScope, type Scope } from './targets/scope.js';

/** The scans of all groups. */
export function createGroupScans(config: TlsConfig, surroundings: Surroundings): readonly Scanner[] {
  const scope = createScope(config);
  return config.groups.map((group) => groupScan(group, config, scope, surroundings));
}

/**
 * Scans a group on its schedule. The name changes with the targets, so that new ones are scanned at once, and a run over
 * other targets is not resumed: its resume point means nothing for these.
 */
function groupScan(group: TargetGroup, config: TlsConfig, scope: Scope, surroundings: Surroundings): Scanner {
  const { name, targets, ports, starttls, serverName, schedule } = group;
  const version = createHash('sha256')
    .update(JSON.stringify([targets, ports, starttls, serverName]))
    .digest('hex')
    .slice(0, 12);
  const parts: ScanPart[] = [{ group, version }];
  if (group.learned)
    parts.push({
      // A run of its own: what it sees is marked as learned by the scan it belongs to.
      group: { ...group, name: `${name} (learned names)`, targets: [] },
      version,
      learnedNames: () => except(surroundings.memory.learnedNames(), targets),
    });
  const scans = parts.map((part) => partScan(part, config, scope, surroundings));
  return {
    name: `scan:${name}:${version}`,
    title: `scan:${name}`,
    when: schedule === null ? 'once' : { cron: schedule },
    async run(sink, signal) {
      const began: Date[] = [];
      for (const scan of scans) if (!signal.aborted) began.push(await scan(sink, signal));
      return began[0];
    },
  };
}

/** What one run of a scan covers. */
interface ScanPart {
  readonly group: TargetGroup;
  /** Of the targets: a run over others is not resumed. */
  readonly version: string;
  readonly learnedNames?: () => AsyncIterable<string>;
}

/** One run over a part, resumed where it was stopped; returns when it began. */
function partScan(
  { group, version, learnedNames }: ScanPart,
  config: TlsConfig,
  scope: Scope,
  { memory, log, onProgress }: Surroundings,
): (sink: Sink, signal: AbortSignal) => Promise<Date> {
  const { name } = group;
  const prefix = `${version}/`;
  return async (sink, signal) => {
    let id = '';
    const scanner = createTlsScanner({
      config,
      group,
      log,
      scope,
      needsSurvey: createSurveyNeed(memory, config.surveyEveryHours, log),
      ...(learnedNames === undefined ? {} : { learnedNames }),
      async unfinished() {
        const runs = await memory.unfinishedScans();
        const run = runs.findLast((one) => one.name === name && one.resume?.startsWith(prefix) === true);
        return run === undefined ? null : { ...run, resume: run.resume?.slice(prefix.length) ?? null };
      },
      onProgress(progress, scanId) {
        id = scanId;
        onProgress(id, name, progress);
      },
    });
    try {
      return await scanner.run({ take: (fact) => sink.take(withPrefix(fact, prefix)) }, signal);
    } finally {
      onProgress(id, name, null);
    }
  };
}

/** The resume point of a run says which targets it belongs to. */
function withPrefix(fact: Fact, prefix: string): Fact {
  if (fact.kind !== 'scan-run' || fact.run.resume === null) return fact;
  return { ...fact, run: { ...fact.run, resume: prefix + fact.run.resume } };
}

/** Targets of the operator are not scanned as learned names too. */
async function* except(names: AsyncIterable<string>, targets: readonly string[]): AsyncGenerator<string> {
  const written = new Set(targets.map((target) => target.toLowerCase()));
  for await (const name of names) if (!written.has(name)) yield name;
}
