import type { Certificate } from '../model/certificate.js';
import type { CtPosition } from '../model/ct-entry.js';
import { detailsText } from '../lib/details-text.js';
import { durationText } from '../lib/duration-text.js';
import { placeText, type Finding } from '../model/finding.js';
import { hostPort } from '../model/target.js';
import type { Rule } from '../rules/rule.js';
import type { EndpointState } from '../model/endpoint-state.js';
import { severityColour, type Look } from './look.js';
import { dayText, namesText, whenText } from './render-text.js';
import { renderTable } from './table.js';

/** A value as it arrives over HTTP: dates are ISO text. */
export type Wire<T> = T extends Date
  ? string
  : T extends readonly (infer Item)[]
    ? readonly Wire<Item>[]
    : T extends object
      ? { readonly [Key in keyof T]: Wire<T[Key]> }
      : T;

/** The parts of a certificate that a list shows. */
export type CertificateSummary = Pick<
  Certificate,
  'sha256' | 'subject' | 'issuer' | 'notAfter' | 'dnsNames' | 'ipAddresses'
>;

/** Findings, one line each: what, where, since when, and the values compared where there is room. */
export function renderFindings(findings: readonly Wire<Finding>[], look: Look, now: Date): string {
  return renderTable(
    findings,
    [
      {
        title: 'SEVERITY',
        text: ({ severity }) => severity,
        colour: ({ severity }) => severityColour(severity),
      },
      { title: 'STATE', text: ({ state }) => state, minWidth: 12, optional: true },
      { title: 'RULE', text: ({ rule }) => rule, minWidth: 12 },
      { title: 'SUBJECT', text: (finding) => placeText(finding), minWidth: 16 },
      { title: 'OPENED', text: ({ openedAt }) => whenText(toDate(openedAt), now), minWidth: 11 },
      {
        title: 'DETAILS',
        text: ({ details }) => detailsText(details),
        minWidth: 20,
        optional: true,
      },
      { title: 'ID', text: ({ id }) => id, minWidth: 32, optional: true },
    ],
    look,
  );
}

/** Certificates, one line each. */
export function renderCertificates(
  certificates: readonly Wire<CertificateSummary>[],
  look: Look,
  now: Date,
): string {
  return renderTable(
    certificates,
    [
      { title: 'SHA256', text: ({ sha256 }) => sha256, minWidth: 16 },
      {
        title: 'NAMES',
        text: ({ dnsNames, ipAddresses, subject }) => namesText([...dnsNames, ...ipAddresses]) || subject,
        minWidth: 16,
      },
      { title: 'EXPIRES', text: ({ notAfter }) => dayText(toDate(notAfter)), minWidth: 10 },
      {
        title: 'WHEN',
        text: ({ notAfter }) => whenText(toDate(notAfter), now),
        minWidth: 11,
        optional: true,
      },
      { title: 'ISSUER', text: ({ issuer }) => issuer, minWidth: 12, optional: true },
    ],
    look,
  );
}

/** Endpoints, one line each. */
export function renderEndpoints(endpoints: readonly Wire<EndpointState>[], look: Look, now: Date): string {
  return renderTable(
    endpoints,
    [
      { title: 'ENDPOINT', text: ({ target }) => hostPort(target.host, target.port), minWidth: 20 },
      { title: 'ADDRESS', text: ({ target }) => target.address ?? 'none', optional: true },
      { title: 'OUTCOME', text: ({ lastOutcome }) => lastOutcome },
      {
        title: 'LAST PROBED',
        text: ({ lastObservedAt }) => whenText(toDate(lastObservedAt), now),
        minWidth: 11,
      },
      { title: 'TLS', text: ({ tls }) => tls?.version ?? '', minWidth: 7, optional: true },
      { title: 'CERTIFICATE', text: ({ chain }) => chain[0] ?? 'none', minWidth: 16, optional: true },
    ],
    look,
  );
}

/** What the two cursors of a log are to a reader. */
const readsFrom: Readonly<Record<string, string>> = { tail: 'newest', backfill: 'oldest' };

/** CT logs, one line each: how far they are read and how far behind. */
export function renderCtLogs(logs: readonly Wire<CtPosition>[], look: Look, now: Date): string {
  return renderTable(
    logs,
    [
      { title: 'LOG', text: ({ description }) => description, minWidth: 20 },
      { title: 'READS FROM', text: ({ cursor }) => readsFrom[cursor] ?? cursor, optional: true },
      { title: 'SIZE', text: ({ treeSize }) => String(treeSize) },
      { title: 'VERIFIED', text: ({ verifiedIndex }) => String(verifiedIndex) },
      {
        title: 'BEHIND',
        text: ({ treeSize, verifiedIndex }) => String(Math.max(0, treeSize - verifiedIndex)),
      },
      { title: 'TIME BEHIND', text: ({ lagSeconds }) => (lagSeconds === 0 ? '' : durationText(lagSeconds)) },
      {
        title: 'PER SECOND',
        text: ({ entriesPerSecond }) => String(Math.round(entriesPerSecond)),
        optional: true,
      },
      { title: 'TIME LEFT', text: leftText },
      { title: 'HOST', text: budgetText, optional: true },
      {
        title: 'UPDATED',
        text: ({ updatedAt }) => whenText(toDate(updatedAt), now),
        minWidth: 11,
        optional: true,
      },
      { title: 'LAST ERROR', text: ({ lastError }) => lastError ?? '', minWidth: 16, optional: true },
    ],
    look,
  );
}

function leftText({ lagSeconds, etaSeconds }: Wire<CtPosition>): string {
  if (lagSeconds === 0) return '';
  return etaSeconds === null ? 'unknown' : durationText(etaSeconds);
}

/** What keeps a host from being asked at full speed. */
function budgetText({ budget }: Wire<CtPosition>): string {
  if (budget === null) return '';
  const { requestsPerSecond, blockedSeconds, failuresInARow } = budget;
  return [
    ...(blockedSeconds > 0 ? [`left alone for ${durationText(blockedSeconds)}`] : []),
    ...(requestsPerSecond === null ? [] : [`${requestsPerSecond.toPrecision(2)} requests/s`]),
    ...(failuresInARow > 0 ? [`${failuresInARow} failures in a row`] : []),
  ].join(', ');
}

/** Every rule with its severity and the standard it rests on. */
export function renderRules(rules: readonly Rule[], look: Look): string {
  return renderTable(
    rules,
    [
      { title: 'RULE', text: ({ id }) => id, minWidth: 24 },
      {
        title: 'SEVERITY',
        text: ({ severity }) => severity,
        colour: ({ severity }) => severityColour(severity),
      },
      { title: 'TITLE', text: ({ title }) => title, minWidth: 24 },
      { title: 'CITATION', text: ({ citation }) => citation, minWidth: 20, optional: true },
    ],
    look,
  );
}

function toDate(text: string | null): Date | null {
  return text === null ? null : new Date(text);
}
