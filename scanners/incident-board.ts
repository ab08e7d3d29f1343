import type { Logger } from 'pino';
import type { Incident } from '../src/model/incident.js';

/** What is wrong right now, told once when it begins, once when it ends, and now and then in between. */
export interface IncidentBoard {
  /** `details` null: the cause is gone. Never rejects: what could not be told is told again later. */
  set(rule: string, subject: Incident['subject'], details: Incident['details'] | null): Promise<void>;
}

/** An open incident is told again so often, so that its finding stays fresh. */
const refreshMs = 3_600_000;

/** A board that tells `incident`; at first nothing is known, so that what an earlier run left open is resolved. */
export function createIncidentBoard(
  incident: (incident: Incident) => Promise<void>,
  now: () => Date,
  logger: Logger,
): IncidentBoard {
  const told = new Map<
    string,
    { readonly active: boolean; readonly atMs: number; readonly problem: unknown }
  >();
  return {
    async set(rule, subject, details) {
      const key = `${rule}|${subject.kind}|${subject.key}`;
      const active = details !== null;
      const known = told.get(key);
      const nowMs = now().getTime();
      const problem = details?.['problem'];
      const fresh =
        known?.active === active && known.problem === problem && (!active || nowMs - known.atMs < refreshMs);
      if (fresh) return;
      try {
        await incident({ rule, subject, active, details: details ?? {} });
        told.set(key, { active, atMs: nowMs, problem });
      } catch (error) {
        logger.error(
          { rule, subject, error: String(error) },
          'incident was not stored; will be reported again later',
        );
      }
    },
  };
}
