import { outcomeText } from '../lib/outcome-text.js';
import { observationGrade } from '../model/observation-line.js';
import type { Observation, Outcome, Verdict } from '../model/observation.js';
import type { Severity } from '../model/severity.js';
import { hostPort } from '../model/target.js';
import { notProbed, type NotProbed } from '../model/not-probed.js';
import { paint, type Look } from './look.js';
import {
  count,
  dayText,
  namesText,
  severityCounts,
  verdictLines,
  verdictTexts,
  type VerdictText,
  whenText,
  wrapText,
} from './render-text.js';
import { alternateTexts, surveyLines, surveyTexts, type SurveyText } from './render-survey.js';
import { renderTable, type Column } from './table.js';

/** What a scan found, kept small: texts of the rows to show, numbers of the rest. */
export interface ScanReport {
  add(observation: Observation, verdicts: readonly Verdict[]): void;
  /** The table, the outcomes that are not in it, and the sum of the findings. */
  render(look: Look, now: Date): string;
}

interface ScanRow {
  readonly endpoint: string;
  readonly address: string;
  readonly names: string;
  readonly issuer: string;
  readonly notAfter: Date | null;
  readonly tls: string;
  readonly verdicts: readonly VerdictText[];
  readonly survey: readonly SurveyText[];
}

/**
 * Collects a scan for the terminal. At most `maxRows` certificates are kept, those with findings before those without; the failed
 * probes are listed one by one only while there are few (`maxFailures`), else counted by outcome.
 */
export function createScanReport(maxRows = 2000, maxFailures = 20): ScanReport {
  const withFindings: ScanRow[] = [];
  const clean: ScanRow[] = [];
  const failures: Observation[] = [];
  const outcomes = new Map<Outcome, number>();
  const severityTotals = new Map<Severity, number>();
  const missing = new Set<NotProbed>();
  let certificates = 0;

  return {
    add(observation, verdicts) {
      for (const { severity } of verdicts) increase(severityTotals, severity);
      if (observation.certificate === null) {
        increase(outcomes, observation.outcome);
        if (failures.length <= maxFailures) failures.push(observation);
        return;
      }
      certificates += 1;
      for (const what of notProbed(observation)) missing.add(what);
      const list = verdicts.length > 0 ? withFindings : clean;
      if (list.length < maxRows) list.push(scanRow(observation, verdicts));
    },
    render(look, now) {
      const rows = [...withFindings, ...clean].slice(0, maxRows);
      const lines = [renderTable(rows, columns(now), look, (row) => rowLines(row, look))];
      if (certificates > rows.length)
        lines.push(`... and ${count(certificates - rows.length, 'certificate')} more; --json shows all\n`);
      if (failures.length <= maxFailures) lines.push(renderTable(failures, failureColumns, look));
      lines.push(summary(certificates, outcomes, severityTotals, look) + missingText(missing, look));
      return lines.filter((text) => text !== '').join('\n');
    },
  };
}

function increase<Key>(counts: Map<Key, number>, key: Key): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

function scanRow(observation: Observation, verdicts: readonly Verdict[]): ScanRow {
  const { target, certificate, tls, survey } = observation;
  const names = [...(certificate?.dnsNames ?? []), ...(certificate?.ipAddresses ?? [])];
  return {
    endpoint: endpointText(target),
    address: addressText(target),
    names: (names.length > 0 ? namesText(names) : (certificate?.subject ?? '')).slice(0, 300),
    issuer: (certificate?.issuer ?? '').slice(0, 300),
    notAfter: certificate?.notAfter ?? null,
    tls: tls?.version ?? '',
    verdicts: verdictTexts(verdicts),
    survey: survey
      ? [...gradeTexts(observation, verdicts), ...surveyTexts(survey)]
      : alternateTexts(observation.alternates ?? []),
  };
}

/** The grade and its worst reason. */
function gradeTexts(observation: Observation, verdicts: readonly Verdict[]): readonly SurveyText[] {
  const graded = observationGrade(observation, verdicts);
  if (graded === null) return [];
  const [worst] = graded.reasons;
  return [{ label: 'grade', text: worst === undefined ? graded.grade : `${graded.grade} (${worst.text})` }];
}

function rowLines({ verdicts, survey }: ScanRow, look: Look): readonly string[] {
  return [...verdictLines(verdicts, look), ...surveyLines(survey, look)];
}

/** `host:port`, with the protocol that was upgraded. */
function endpointText({ host, port, starttls }: Observation['target']): string {
  return `${hostPort(host, port)}${starttls === null ? '' : ` ${starttls}`}`;
}

/** The address behind a name; empty where the host is an address. */
function addressText({ host, address }: Observation['target']): string {
  return address === null || address === host ? '' : address;
}

function columns(now: Date): readonly Column<ScanRow>[] {
  return [
    { title: 'ENDPOINT', text: ({ endpoint }) => endpoint, minWidth: 20 },
    { title: 'ADDRESS', text: ({ address }) => address, minWidth: 9, optional: true },
    { title: 'NAMES', text: ({ names }) => names, minWidth: 16 },
    { title: 'EXPIRES', text: ({ notAfter }) => dayText(notAfter), minWidth: 10 },
    { title: 'WHEN', text: ({ notAfter }) => whenText(notAfter, now), minWidth: 11, optional: true },
    { title: 'ISSUER', text: ({ issuer }) => issuer, minWidth: 12, optional: true },
    { title: 'TLS', text: ({ tls }) => tls, minWidth: 7, optional: true },
  ];
}

const failureColumns: readonly Column<Observation>[] = [
  { title: 'NO CERTIFICATE', text: ({ target }) => endpointText(target), minWidth: 20 },
  { title: 'ADDRESS', text: ({ target }) => addressText(target), minWidth: 9, optional: true },
  { title: 'OUTCOME', text: ({ outcome }) => outcome, minWidth: 16 },
  { title: 'DETAIL', text: ({ outcome, detail }) => outcomeText(outcome, detail), optional: true },
];

const missingWords: Readonly<Record<NotProbed, string>> = {
  'protocol-versions': 'obsolete protocol versions',
  'cipher-suites': 'weak cipher suites',
  'key-exchange-groups': 'key-exchange groups',
  'other-certificates': 'certificates for other key types',
};

/** What an absence of findings says nothing about; empty when everything was probed for. */
function missingText(missing: ReadonlySet<NotProbed>, look: Look): string {
  if (missing.size === 0) return '';
  const words = [...missing].map((what) => missingWords[what]).join(', ');
  return `${paint(wrapText(`not probed for: ${words} (--depth survey does)`, look), 'dim', look)}\n`;
}

function summary(
  certificates: number,
  outcomes: ReadonlyMap<Outcome, number>,
  severityTotals: ReadonlyMap<Severity, number>,
  look: Look,
): string {
  const failed = [...outcomes].toSorted(([, a], [, b]) => b - a);
  const endpoints = failed.reduce((sum, [, number]) => sum + number, certificates);
  const parts = [
    `${certificates.toLocaleString('en')} with a certificate`,
    ...failed.map(([outcome, number]) => `${number.toLocaleString('en')} ${outcome}`),
  ];
  const findings = severityCounts(severityTotals);
  const verdict = findings === '' ? paint('no findings', 'green', look) : findings;
  return `${wrapText(`${count(endpoints, 'endpoint')}: ${parts.join(', ')}. ${verdict}`, look)}\n`;
}
