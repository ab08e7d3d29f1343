import type { Logger } from 'pino';
import { placeText, type Finding } from '../model/finding.js';
import { severities } from '../model/severity.js';
import { EventLog } from '../lib/event-log.js';
import type { StoredFact } from '../model/fact.js';
import type { LiveEvent } from '../model/live-event.js';
import type { StoreConfig } from '../store/config.js';
import { openStore, type OpenStore } from '../store/index.js';

/** Events kept for browsers that were away. */
const keptEvents = 10_000;

/** Opens the store, and what says what it stores. */
export async function openLiveStore(
  config: StoreConfig,
  log: Logger,
): Promise<{ readonly store: OpenStore; readonly events: EventLog<LiveEvent> }> {
  const events = new EventLog<LiveEvent>(keptEvents);
  return { store: withEvents(await openStore(config, log), events, log), events };
}

/**
 * The store, which also says what was stored: findings, deliveries, scans, positions of logs and their entries. Entries come in masses
 * and are not kept for those that were away.
 */
export function withEvents(store: OpenStore, events: EventLog<LiveEvent>, log: Logger): OpenStore {
  const announce = (fact: StoredFact): void => {
    if (fact.kind === 'scan-run') events.publish({ kind: 'scan', run: fact.run });
    if (fact.kind === 'ct-position')
      events.publish({ kind: 'ct-log', position: fact.position }, { keep: false });
    if (fact.kind === 'ct-entries' && !events.isIdle)
      for (const entry of fact.entries) events.publish({ kind: 'ct-entry', entry }, { keep: false });
  };
  const overlay: Pick<OpenStore, 'take' | 'writeFindings' | 'writeDeliveries' | 'writeScanRun'> = {
    async take(fact) {
      await store.take(fact);
      announce(fact);
    },
    async writeFindings(findings) {
      await store.writeFindings(findings);
      for (const finding of findings) events.publish({ kind: 'finding', finding });
      noteChanges(findings, log);
    },
    async writeDeliveries(deliveries) {
      await store.writeDeliveries(deliveries);
      for (const delivery of deliveries) events.publish({ kind: 'delivery', delivery });
    },
    async writeScanRun(run) {
      await store.writeScanRun(run);
      events.publish({ kind: 'scan', run });
    },
  };
  return new Proxy(store, {
    get(target, name) {
      const own: unknown = Reflect.get(overlay, name) ?? Reflect.get(target, name, target);
      return typeof own === 'function' ? (own as (...given: unknown[]) => unknown).bind(target) : own;
    },
  });
}

/** Findings of a batch that are named in the log. */
const namedFindings = 3;

/** What is new and what is over, in one line of the log. */
function noteChanges(findings: readonly Finding[], log: Logger): void {
  const opened = findings.filter(({ change }) => change === 'opened' || change === 'reopened');
  const resolved = findings.filter(({ change }) => change === 'resolved');
  if (opened.length + resolved.length === 0) return;
  const worst = opened.toSorted((a, b) => severities.indexOf(b.severity) - severities.indexOf(a.severity));
  const titles = worst.slice(0, namedFindings).map((finding) => titleWithPlace(finding));
  log.info({ opened: opened.length, resolved: resolved.length, titles }, 'findings changed');
}

function titleWithPlace(finding: Finding): string {
  const { title, host } = finding;
  return host !== null && title.includes(host) ? title : `${placeText(finding)}: ${title}`;
}
