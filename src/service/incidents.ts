import { randomBytes } from 'node:crypto';
import { incidentRecord, type IncidentRecord, type Incidents } from '../model/emergency.js';
import type { ReportScope } from '../model/reporting.js';
import { assess } from '../reports/incidents/affected.js';
import { incidentReport } from '../reports/incidents/report.js';
import type { Ownership, ReportInput } from '../reports/report.js';
import { writeReport } from '../reports/write.js';
import type { Store } from '../store/store.js';

/** What incidents work with. */
export interface IncidentParts {
  readonly store: Pick<Store, 'streamRows' | 'records' | 'writeRecords'>;
  ownership(names: readonly string[]): Ownership;
  now(): Date;
}

const everything: ReportScope = { domain: null, owner: null, environment: null, tag: null };

/** Incidents over what is stored. */
export function createIncidents({ store, ownership, now }: IncidentParts): Incidents {
  const inputOf = ({ openedAt }: Pick<IncidentRecord, 'openedAt'>, scope = everything): ReportInput => {
    const at = now();
    return {
      from: openedAt,
      to: at > openedAt ? at : openedAt,
      scope,
      streamRows: store.streamRows,
      ownership,
    };
  };
  const all = async (): Promise<readonly IncidentRecord[]> =>
    (await store.records('incident')).map(({ body }) => incidentRecord.parse(body));
  const find = async (id: string): Promise<IncidentRecord | null> =>
    (await all()).find((incident) => incident.id === id) ?? null;
  const keep = async (record: IncidentRecord): Promise<IncidentRecord> => {
    await store.writeRecords([{ kind: 'incident', id: record.id, changedAt: now(), body: record }]);
    return record;
  };
  return {
    async open(incident, actor) {
      const openedAt = now();
      const day = openedAt.toISOString().slice(0, 10);
      const { progress: atOpening } = await assess({ ...incident, openedAt }, inputOf({ openedAt }));
      return keep({
        ...incident,
        id: `${day}-${incident.kind}-${randomBytes(2).toString('hex')}`,
        openedAt,
        openedBy: actor,
        closedAt: null,
        closedBy: null,
        closingNote: '',
        atOpening,
        atClosing: null,
      });
    },
    list: async () =>
      (await all()).toSorted((left, right) => right.openedAt.getTime() - left.openedAt.getTime()),
    async get(id) {
      const record = await find(id);
      return record === null ? null : { record, progress: (await assess(record, inputOf(record))).progress };
    },
    async close(id, note, actor) {
      const record = await find(id);
      if (record === null) return null;
      if (record.closedAt !== null)
        return `${id} was closed on ${record.closedAt.toISOString()} by ${record.closedBy ?? 'an unknown actor'}`;
      const { progress: atClosing } = await assess(record, inputOf(record));
      return keep({ ...record, closedAt: now(), closedBy: actor, closingNote: note, atClosing });
    },
    async report(id, scope, format, table) {
      const record = await find(id);
      return record === null
        ? null
        : writeReport(incidentReport(record), inputOf(record, scope), format, table);
    },
  };
}
