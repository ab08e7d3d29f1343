import { setTimeout as delay } from 'node:timers/promises';
import pLimit from 'p-limit';
import { continued, type CrlState, type RevocationStatus } from '../../src/model/network.js';
import { createIncidentBoard, type IncidentBoard } from '../incident-board.js';
import type { Scanner, Sink, Surroundings } from '../scanner.js';
import { openRevocationChecker, type RevocationChecker } from './checker.js';
import type { RevocationConfig } from './config.js';
import type { CrlRecord } from './crl-file.js';
import { statusOf } from './status.js';
import { createSubjects, nextResponse, type Subject, type Subjects } from './subjects.js';

const batchSize = 500;
const chunkSize = 1_000;

/** Watches the certificates in use for revocation, for ever. */
export function createRevocationScanner(
  config: RevocationConfig,
  surroundings: Surroundings,
  now: () => Date = () => new Date(),
): Scanner {
  return {
    name: 'revocation',
    title: 'check revocation',
    when: 'always',
    async run(sink, signal) {
      const checker = await openRevocationChecker(config, surroundings.folder, now);
      const subjects = createSubjects(surroundings.memory, config);
      const board = createIncidentBoard(
        (incident) => sink.take({ kind: 'incident', incident }),
        now,
        surroundings.log,
      );
      const round = createRound({ config, surroundings, checker, subjects, board, sink, now });
      try {
        while (!signal.aborted) {
          await round(signal);
          await delay(config.everyMinutes * 60_000, undefined, { signal }).catch(() => undefined);
        }
      } catch (error) {
        if (!signal.aborted) throw error;
      } finally {
        await checker.close();
      }
    },
  };
}

interface RoundParts {
  readonly config: RevocationConfig;
  readonly surroundings: Surroundings;
  readonly checker: RevocationChecker;
  readonly subjects: Subjects;
  readonly board: IncidentBoard;
  readonly sink: Sink;
  readonly now: () => Date;
}

/** One round: what is in use, every list that is due or has new certificates, responders that are due, and what follows. */
function createRound(parts: RoundParts): (signal: AbortSignal) => Promise<void> {
  const { config, surroundings, checker, subjects, now } = parts;
  const states = new Map<string, CrlState>();
  return async (signal) => {
    await subjects.refresh((der) => checker.addIssuer(der), now());
    const changed = new Set<Subject>();
    await inLanes(config.concurrency, [...subjects.byUrl.keys()], async (url) => {
      signal.throwIfAborted();
      const { looked, record } = await checkList(parts, url, signal);
      for (const one of looked) changed.add(one);
      if (record !== null) await report(parts, states, record);
    });
    const nowMs = now().getTime();
    const toAsk = [...subjects.all.values()].filter(
      (one) => one.asksResponder && one.responderNextAtMs <= nowMs,
    );
    await inLanes(config.concurrency, toAsk, async (one) => {
      signal.throwIfAborted();
      await askResponder(parts, one, signal);
      changed.add(one);
    });
    for (const one of subjects.all.values()) if (one.status === undefined) changed.add(one);
    await handOn(parts, changed);
    await checker.keepOnly(new Set(subjects.byUrl.keys()));
    const figures = { certificates: subjects.all.size, lists: subjects.byUrl.size, checked: changed.size };
    if (changed.size > 0) surroundings.log.info(figures, 'revocation checked');
  };
}

/** Reads a list for the certificates that were not looked up in it yet, or for all when it is due or has run out. */
async function checkList(
  { surroundings, checker, subjects, now }: RoundParts,
  url: string,
  signal: AbortSignal,
): Promise<{ readonly looked: readonly Subject[]; readonly record: CrlRecord | null }> {
  const naming = [...(subjects.byUrl.get(url) ?? [])].flatMap((sha256) => subjects.all.get(sha256) ?? []);
  const isWhole = (await checker.isDue(url)) || isPastEnd(naming, url, now());
  const looked = isWhole ? naming : naming.filter((one) => !one.lists.has(url));
  let record: CrlRecord | null = null;
  for (let at = 0; at < looked.length; at += chunkSize) {
    const chunk = looked.slice(at, at + chunkSize);
    const ders = await surroundings.memory.certificates(chunk.map(({ sha256 }) => sha256));
    const checked = await checker.byList(url, [...ders.values()], signal);
    record = checked.record;
    const { problem, thisUpdateMs, nextUpdateMs } = record;
    for (const one of chunk) {
      const verdict = checked.verdicts.get(one.sha256) ?? null;
      one.lists.set(url, { url, verdict, problem, thisUpdateMs, nextUpdateMs });
    }
  }
  return { looked, record };
}

/** Hands on the state of a list, and what is wrong with it. */
async function report(
  { config, subjects, board, sink, now }: RoundParts,
  states: Map<string, CrlState>,
  record: CrlRecord,
): Promise<void> {
  const state = crlState(record, states.get(record.url), now());
  states.set(record.url, state);
  await sink.take({ kind: 'answers', answers: [state] });
  const { url, issuer, problem, goodAtMs, firstAtMs, nextUpdateMs } = record;
  const subject = { kind: 'issuer', key: url } as const;
  const certificates = subjects.byUrl.get(url)?.size ?? 0;
  const about = { url, issuer, certificates, problem, lastGoodAt: isoOrNull(goodAtMs) };
  const awayMs = now().getTime() - (goodAtMs ?? firstAtMs);
  const isAway = problem !== null && awayMs >= config.unreachableHours * 3_600_000;
  await board.set('crl-unreachable', subject, isAway ? about : null);
  const expired = { ...about, nextUpdate: isoOrNull(nextUpdateMs) };
  await board.set('crl-expired', subject, state.outcome === 'expired' ? expired : null);
}

async function askResponder(
  { surroundings, checker, now }: RoundParts,
  one: Subject,
  signal: AbortSignal,
): Promise<void> {
  const der = (await surroundings.memory.certificates([one.sha256])).get(one.sha256);
  if (der === undefined) return;
  one.responder = await checker.byResponder(der, signal);
  one.responderNextAtMs = nextResponse(one.responder?.verdict ?? null, now());
}

async function handOn({ sink, now }: RoundParts, changed: ReadonlySet<Subject>): Promise<void> {
  let batch: RevocationStatus[] = [];
  for (const one of changed) {
    const status = statusOf(one.sha256, [...one.lists.values()], one.responder, now());
    one.status = continued(status, one.status);
    batch.push(one.status);
    if (batch.length < batchSize) continue;
    await sink.take({ kind: 'answers', answers: batch });
    batch = [];
  }
  if (batch.length > 0) await sink.take({ kind: 'answers', answers: batch });
}

/** A list that was good when it was read, and whose end has passed since, is stale now. */
function isPastEnd(naming: readonly Subject[], url: string, now: Date): boolean {
  const list = naming.find((one) => one.lists.has(url))?.lists.get(url);
  if (list === undefined || list.nextUpdateMs === null) return false;
  return list.verdict?.status === 'good' && list.nextUpdateMs < now.getTime();
}

function crlState(record: CrlRecord, before: CrlState | undefined, now: Date): CrlState {
  const { url, problem, sha256, nextUpdateMs, thisUpdateMs, issuer, bytes } = record;
  const isExpired = sha256 !== null && nextUpdateMs !== null && nextUpdateMs < now.getTime();
  const outcome = isExpired ? 'expired' : problem === null ? 'ok' : 'unreachable';
  return continued<CrlState>(
    {
      question: 'crl',
      key: url,
      since: now,
      checkedAt: now,
      outcome,
      detail: problem,
      issuer,
      thisUpdate: thisUpdateMs === null ? null : new Date(thisUpdateMs),
      nextUpdate: nextUpdateMs === null ? null : new Date(nextUpdateMs),
      bytes,
    },
    before,
  );
}

function isoOrNull(ms: number | null): string | null {
  return ms === null ? null : new Date(ms).toISOString();
}

/** Lanes that share one iterator: no promise for each item. */
async function inLanes<T>(
  lanes: number,
  items: readonly T[],
  work: (item: T) => Promise<void>,
): Promise<void> {
  const limit = pLimit(lanes);
  const iterator = items[Symbol.iterator]();
  const lane = async (): Promise<void> => {
    for (let next = iterator.next(); next.done !== true; next = iterator.next()) await work(next.value);
  };
  await Promise.all(Array.from({ length: lanes }, () => limit(lane)));
}
