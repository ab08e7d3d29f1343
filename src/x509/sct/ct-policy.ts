import { isInForce, numberOf } from '../../lib/policy-dates.js';
import type { Certificate } from '../../model/certificate.js';
import type { CheckedSct } from './sct-report.js';

/** What a browser asks of a certificate's SCTs: data, with its source, for it changes. */
export interface CtPolicy {
  readonly name: string;
  readonly source: string;
  /** States of a log whose SCTs count today. An SCT of a retired log counts when it is older than the retirement. */
  readonly currentStates: readonly string[];
  /** A certificate of up to `days` needs this many embedded SCTs of different logs; the first row that fits counts. */
  readonly embedded: readonly {
    readonly days: number;
    readonly scts: number;
    /** SCTs of one operator beyond this number do not count. */
    readonly maxPerOperator: number;
  }[];
  /** The second of notAfter belongs to the lifetime (RFC 5280 section 4.1.2.5). */
  readonly isLifetimeInclusive: boolean;
  /** SCTs of current logs that suffice when they come by TLS or OCSP ... */
  readonly deliveredScts: number;
  /** ... all of them, or one beside embedded ones. */
  readonly deliveredAlone: boolean;
  readonly minOperators: number;
  /** Id of the dated rule that asks for one SCT of a log with the RFC 6962 API. */
  readonly rfc6962Rule: string;
}

/** A lifetime up to this many days needs fewer SCTs. */
const shortDays = numberOf('ct-short-days');

const embeddedRows = [
  { days: shortDays, scts: numberOf('ct-scts-short'), maxPerOperator: Infinity },
  { days: Infinity, scts: numberOf('ct-scts-long'), maxPerOperator: Infinity },
];

/** The policies of Chrome, Apple and Mozilla; their numbers and dates are in config/policy-dates.json. */
export const ctPolicies: readonly CtPolicy[] = [
  {
    name: 'Chrome',
    source: 'https://googlechrome.github.io/CertificateTransparency/ct_policy.html',
    currentStates: ['qualified', 'usable', 'readonly'],
    embedded: embeddedRows,
    isLifetimeInclusive: false,
    deliveredScts: 2,
    deliveredAlone: true,
    minOperators: numberOf('ct-operators-chrome'),
    rfc6962Rule: 'ct-rfc6962-chrome',
  },
  {
    name: 'Apple',
    source: 'https://support.apple.com/103214',
    currentStates: ['qualified', 'usable', 'readonly'],
    embedded: [
      { days: shortDays, scts: numberOf('ct-scts-short'), maxPerOperator: 1 },
      { days: Infinity, scts: numberOf('ct-scts-long'), maxPerOperator: 2 },
    ],
    isLifetimeInclusive: true,
    deliveredScts: 2,
    deliveredAlone: false,
    minOperators: 1,
    rfc6962Rule: 'ct-rfc6962-apple',
  },
  {
    name: 'Mozilla',
    source: 'https://wiki.mozilla.org/SecurityEngineering/Certificate_Transparency',
    currentStates: ['qualified', 'usable', 'readonly'],
    embedded: embeddedRows,
    isLifetimeInclusive: false,
    deliveredScts: 2,
    deliveredAlone: true,
    minOperators: numberOf('ct-operators-mozilla'),
    rfc6962Rule: 'ct-rfc6962-mozilla',
  },
];

/** Whether the SCTs satisfy a policy; the reasons are those of the way that comes closer, by embedded SCTs where there are any. */
export interface CtPolicyVerdict {
  readonly policy: string;
  /** Null when it cannot be told: the certificate's issuer or lifetime is not known. */
  readonly isCompliant: boolean | null;
  /** Embedded SCTs that the certificate's lifetime asks for. */
  readonly requiredScts: number;
  /** Embedded SCTs that count. */
  readonly countedScts: number;
  readonly operators: readonly string[];
  /** One sentence for each shortfall; empty when compliant. */
  readonly reasons: readonly string[];
}

/** Judges checked SCTs by one policy, as it stands at `now`. */
export function judgeCtPolicy(
  certificate: Certificate,
  scts: readonly CheckedSct[],
  policy: CtPolicy,
  now: Date,
): CtPolicyVerdict {
  const needsRfc6962 = isInForce(policy.rfc6962Rule, now);
  const valid = scts.filter(({ verdict }) => verdict === 'valid');
  const embedded = onePerLog(
    valid.filter((checked) => checked.source === 'embedded' && onceAccepted(checked, policy)),
  );
  const row = requiredRow(certificate, policy);
  const counted = row === null ? 0 : countPerOperator(embedded, row.maxPerOperator);
  const shared = {
    policy: policy.name,
    requiredScts: row?.scts ?? 0,
    countedScts: counted,
    operators: operatorsOf(embedded),
  };
  if (isDelivered(valid, policy, needsRfc6962)) return { ...shared, isCompliant: true, reasons: [] };
  if (row === null || scts.some(({ verdict }) => verdict === 'unverified'))
    return {
      ...shared,
      isCompliant: null,
      reasons: ['the issuer or the lifetime of the certificate is not known'],
    };
  const reasons = embeddedReasons(embedded, counted, row.scts, policy, needsRfc6962);
  return { ...shared, isCompliant: reasons.length === 0, reasons };
}

function embeddedReasons(
  embedded: readonly CheckedSct[],
  counted: number,
  required: number,
  policy: CtPolicy,
  needsRfc6962: boolean,
): string[] {
  const reasons: string[] = [];
  const operators = operatorsOf(embedded);
  if (counted < required) reasons.push(`${counted} embedded SCTs count, ${required} are required`);
  if (embedded.length > 0 && !embedded.some((checked) => isCurrent(checked, policy)))
    reasons.push('no embedded SCT is of a log that is accepted today');
  if (embedded.length > 0 && operators.length < policy.minOperators)
    reasons.push(`the logs have ${operators.length} operator, ${policy.minOperators} are required`);
  if (embedded.length > 0 && needsRfc6962 && !embedded.some(isRfc6962))
    reasons.push('no embedded SCT is of a log with the API of RFC 6962');
  return reasons;
}

/** By TLS or OCSP: enough SCTs of logs accepted today. */
function isDelivered(valid: readonly CheckedSct[], policy: CtPolicy, needsRfc6962: boolean): boolean {
  const current = valid.filter((checked) => isCurrent(checked, policy));
  const delivered = current.filter(({ source }) => source !== 'embedded');
  const counting = onePerLog(policy.deliveredAlone ? delivered : current);
  return (
    delivered.length > 0 &&
    counting.length >= policy.deliveredScts &&
    operatorsOf(counting).length >= policy.minOperators &&
    (!needsRfc6962 || counting.some(isRfc6962))
  );
}

function onePerLog(scts: readonly CheckedSct[]): CheckedSct[] {
  return [...new Map(scts.map((checked) => [checked.sct.logId, checked])).values()];
}

function isCurrent({ log }: CheckedSct, policy: CtPolicy): boolean {
  return log !== null && policy.currentStates.includes(log.state);
}

function onceAccepted(checked: CheckedSct, policy: CtPolicy): boolean {
  const { log, sct } = checked;
  if (log?.state !== 'retired') return isCurrent(checked, policy);
  return log.stateSince !== null && sct.timestampMs < log.stateSince.getTime();
}

function isRfc6962({ log }: CheckedSct): boolean {
  return log?.protocol === 'rfc6962';
}

/** Who ran the log when it gave the SCT: what counts for diversity. */
function operatorOf({ log, sct }: CheckedSct): string {
  const previous = log?.previousOperators.find(({ until }) => sct.timestampMs < until.getTime());
  return previous?.name ?? log?.operator ?? '';
}

function operatorsOf(scts: readonly CheckedSct[]): string[] {
  return [...new Set(scts.map(operatorOf))];
}

function countPerOperator(scts: readonly CheckedSct[], maxPerOperator: number): number {
  const counts = new Map<string, number>();
  for (const operator of scts.map(operatorOf)) counts.set(operator, (counts.get(operator) ?? 0) + 1);
  return [...counts.values()].reduce((sum, count) => sum + Math.min(count, maxPerOperator), 0);
}

function requiredRow(certificate: Certificate, policy: CtPolicy): CtPolicy['embedded'][number] | null {
  const { notBefore, notAfter } = certificate;
  if (notBefore === null || notAfter === null) return null;
  const ms = notAfter.getTime() - notBefore.getTime() + (policy.isLifetimeInclusive ? 1000 : 0);
  return policy.embedded.find(({ days }) => ms <= days * 86_400_000) ?? null;
}

/** How many embedded SCTs a certificate of this lifetime needs; null when its lifetime is not known. */
export function requiredScts(certificate: Certificate, policy: CtPolicy): number | null {
  return requiredRow(certificate, policy)?.scts ?? null;
}
