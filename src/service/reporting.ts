import { createHash } from 'node:crypto';
import type { Config } from '../config/config.js';
import type { Reporting, ReportRequest } from '../model/reporting.js';
import { exportEvidence } from '../reports/evidence/export.js';
import { frameworks } from '../reports/evidence/frameworks.js';
import { signingKey } from '../reports/evidence/signing-key.js';
import { reports } from '../reports/index.js';
import type { Ownership, ReportInput } from '../reports/report.js';
import { writeReport } from '../reports/write.js';
import type { Rule } from '../rules/rule.js';
import type { OpenStore } from '../store/index.js';

/** What reports are made from. */
export interface ReportingParts {
  /** The one in force. */
  readonly config: () => Config;
  readonly store: Pick<OpenStore, 'streamRows' | 'records'>;
  readonly rules: readonly Rule[];
  readonly version: string;
  /** Whose names are, by the policy. */
  ownership(names: readonly string[]): Ownership;
}

/** Reports and evidence over what is stored. */
export function createReporting({ config, store, rules, version, ownership }: ReportingParts): Reporting {
  const inputOf = (request: ReportRequest): ReportInput => ({
    ...request,
    streamRows: store.streamRows,
    ownership,
  });
  return {
    reports: reports.map(({ id, title, description }) => ({ id, title, description })),
    frameworks: frameworks().map(({ id, title, source }) => ({ id, title, description: source })),
    report(id, request, format, table) {
      const report = reports.find((one) => one.id === id);
      return report === undefined ? null : writeReport(report, inputOf(request), format, table);
    },
    async evidence(id, request) {
      const framework = frameworks().find((one) => one.id === id);
      if (framework === undefined) return null;
      const { policy, ...rest } = config();
      const configuration = scopeOf(rest);
      const input = {
        ...inputOf(request),
        framework,
        reports,
        configuration,
        records: [...(await store.records('review')), ...(await store.records('incident'))],
        policy: { ...policy },
        rules: rules.map(({ id: rule, title, severity, citation, remediation, effectiveFrom }) => ({
          rule,
          title,
          severity,
          citation,
          remediation,
          effectiveFrom: effectiveFrom ?? null,
        })),
      };
      const configurationSha256 = createHash('sha256').update(JSON.stringify(configuration)).digest('hex');
      const facts = { version, now: new Date(), configurationSha256 };
      return exportEvidence(input, facts, await signingKey(rest.store.dataDir));
    },
  };
}

/** What is scanned, followed and imported, without anything secret. */
export function scopeOf({
  scan,
  ct,
  inventory,
  store,
}: Omit<Config, 'policy'>): Readonly<Record<string, unknown>> {
  const { groups, scope, exclude } = scan;
  return {
    scan: {
      groups: groups.map(({ name, targets, ports, schedule, starttls, learned }) => ({
        name,
        targets,
        ports,
        schedule,
        starttls,
        learned,
      })),
      scope,
      exclude,
    },
    ct: { enabled: ct.enabled, watch: ct.watch },
    inventory: inventory.sources.map(({ type }) => type),
    retentionDays: store.retentionDays,
  };
}
