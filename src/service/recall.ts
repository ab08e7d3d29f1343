import type { Ledger } from '../judging/finding-ledger.js';
import type { Pipeline } from '../judging/pipeline.js';
import { groupBy } from '../lib/group-by.js';
import { issuanceLogs, logsRead, namesScanned, servedWithScts } from '../model/queries/recall.js';
import type { RowOf } from '../model/query.js';
import type { OperatorRecall, Recall } from '../model/recall.js';
import type { Store } from '../store/store.js';
import { readCertificate } from '../x509/read/read-certificate.js';
import { embeddedSctList, readSctList } from '../x509/sct/sct.js';
import type { Job } from './schedule.js';

type RecallStore = Pick<Store, 'ask' | 'certificates'>;

const chunkSize = 500;
const listedMissing = 100;
/** Maximum merge delay of a log (RFC 6962 section 3): what it signed for may be missing that long. */
const mergeDelayMs = 24 * 3_600_000;
/** Fewer pairs say little about an operator. */
const fewestPairs = 5;
const leastShare = 0.95;
const rule = 'ct-recall-low';

interface Pair {
  readonly certificate: RowOf<typeof servedWithScts>;
  readonly log: RowOf<typeof logsRead>;
  readonly signedAt: Date;
  readonly isFound: boolean;
}

/**
 * Compares what scans found with what was read of the logs: every certificate that is served for an owned domain names the logs that signed
 * for it. Only logs that are followed count, and only what they signed for since they are read here.
 */
export async function measureRecall(
  store: RecallStore,
  domains: readonly string[],
  now: Date,
): Promise<Recall> {
  const ownedDomains = [...domains];
  const logs = new Map((await store.ask(logsRead, {})).map((log) => [log.logId, log]));
  const served = await store.ask(servedWithScts, { ownedDomains, now });
  const pairs: Pair[] = [];
  for (let start = 0; start < served.length; start += chunkSize)
    pairs.push(...(await pairsOf(store, served.slice(start, start + chunkSize), logs, now)));
  const [names = { logged: 0, scanned: 0 }] = await store.ask(namesScanned, { ownedDomains, now });
  const byOperator = groupBy(pairs, ({ log }) => log.operator);
  return {
    measuredAt: now,
    operators: [...byOperator]
      .map(([operator, some]) => ({
        operator,
        expected: some.length,
        found: some.filter(({ isFound }) => isFound).length,
      }))
      .sort((a, b) => (a.operator < b.operator ? -1 : 1)),
    missing: pairs
      .filter(({ isFound }) => !isFound)
      .slice(0, listedMissing)
      .map(({ certificate: { sha256, subject }, log: { description, operator }, signedAt }) => ({
        ...{ sha256, subject, operator, signedAt },
        log: description,
      })),
    names,
  };
}

async function pairsOf(
  store: RecallStore,
  served: readonly RowOf<typeof servedWithScts>[],
  logs: ReadonlyMap<string, RowOf<typeof logsRead>>,
  now: Date,
): Promise<readonly Pair[]> {
  const bytes = await store.certificates(served.map(({ sha256 }) => sha256));
  const rows = await store.ask(issuanceLogs, { keys: served.map(({ tbsSha256 }) => tbsSha256) });
  const logged = new Map(rows.map(({ tbsSha256, logIds }) => [tbsSha256, new Set(logIds)]));
  return served.flatMap((certificate) =>
    signedBy(bytes.get(certificate.sha256)).flatMap(({ logId, signedAt }): readonly Pair[] => {
      const log = logs.get(logId);
      const isDue = now.getTime() - signedAt.getTime() >= mergeDelayMs;
      if (log === undefined || !isDue || signedAt < log.readSince) return [];
      const isFound = logged.get(certificate.tbsSha256)?.has(logId) === true;
      return [{ certificate, log, signedAt, isFound }];
    }),
  );
}

function signedBy(
  der: Uint8Array | undefined,
): readonly { readonly logId: string; readonly signedAt: Date }[] {
  const list = der === undefined ? null : embeddedSctList(readCertificate(der));
  if (list === null) return [];
  return readSctList(list).scts.map(({ logId, timestampMs }) => ({ logId, signedAt: new Date(timestampMs) }));
}

/** Dependencies of {@link recallJob}. */
export interface RecallParts {
  readonly store: RecallStore;
  readonly ledger: Pick<Ledger, 'open'>;
  readonly pipeline: Pick<Pipeline, 'incident'>;
}

/** Measures recall twice a day, and reports operators of logs of which too little is read. */
export function recallJob(domains: readonly string[], parts: RecallParts): Job {
  return {
    name: 'ct:recall',
    title: 'measure what is read of the CT logs',
    cron: '17 5,17 * * *',
    timezone: 'Etc/UTC',
    run: () => judgeRecall(domains, parts, new Date()),
  };
}

/** Opens `ct-recall-low` for each operator below 95 %, and resolves it for every other. */
export async function judgeRecall(
  domains: readonly string[],
  { store, ledger, pipeline }: RecallParts,
  now: Date,
): Promise<void> {
  if (domains.length === 0) return;
  const { operators, missing } = await measureRecall(store, domains, now);
  const low = new Map(operators.filter(isLow).map((one) => [one.operator, one]));
  const reported = [...ledger.open.ofRule(rule)].map(({ subject }) => subject.key);
  for (const operator of new Set([...low.keys(), ...reported])) {
    const one = low.get(operator);
    const examples = missing.filter((pair) => pair.operator === operator).slice(0, 5);
    const details = { operator, expected: one?.expected ?? 0, found: one?.found ?? 0, examples };
    await pipeline.incident({
      rule,
      subject: { kind: 'ct-operator', key: operator },
      active: one !== undefined,
      details,
    });
  }
}

function isLow({ expected, found }: OperatorRecall): boolean {
  return expected >= fewestPairs && found / expected < leastShare;
}
