import { atLeast, type Severity } from './severity.js';
import type { SurveyFacts } from './survey.js';

/** Grades of an endpoint, best first. */
export const grades = ['A+', 'A', 'B', 'C', 'F'] as const;

/** One of {@link grades}. */
export type Grade = (typeof grades)[number];

/** What lowers the grade of an endpoint. */
export interface GradeReason {
  /** The best grade that is left. */
  readonly cap: Grade;
  /** Id of the rule that found it; null for what a survey tells. */
  readonly rule: string | null;
  /** One clause. */
  readonly text: string;
}

/** Grade of an endpoint with what lowered it, worst first; the reasons of A are why it is not A+. */
export interface EndpointGrade {
  readonly grade: Grade;
  readonly reasons: readonly GradeReason[];
}

/** What a grade is made of. */
export interface GradeInput {
  /** Open findings or verdicts about the endpoint; of other subjects too, which do not count. */
  readonly findings: readonly {
    readonly rule: string;
    readonly severity: Severity;
    readonly title: string;
  }[];
  /** The last survey; null when there was none. */
  readonly survey: Pick<SurveyFacts, 'versions' | 'groups'> | null;
}

/** One rule that lowers the grade, from a severity on. */
export interface GradeCap {
  readonly rule: string;
  readonly from: Severity;
  readonly cap: Grade;
}

const cap = (best: Grade, from: Severity, ...rules: readonly string[]): readonly GradeCap[] =>
  rules.map((rule) => ({ rule, from, cap: best }));

/** Which findings leave which grade at best; those of all other rules do not count. Shown in docs/grades.md. */
export const gradeCaps: readonly GradeCap[] = [
  // A client that checks does not get in, or cannot know with whom it speaks.
  ...cap('F', 'notice', 'expired', 'not-yet-valid', 'revoked', 'compromised-key', 'shared-prime'),
  ...cap('F', 'error', 'hostname-mismatch', 'untrusted-chain', 'self-signed', 'weak-key', 'weak-signature'),
  ...cap('F', 'error', 'weak-cipher-suite', 'unreadable-certificate', 'distrusted-issuer', 'too-few-scts'),
  ...cap('F', 'error', 'lifetime-exceeds-limit', 'insecure-renegotiation'),
  ...cap('F', 'critical', 'weak-protocol'),
  // Old clients are served at the cost of the others.
  ...cap('C', 'error', 'weak-protocol', 'weak-key-exchange', 'must-staple-without-staple'),
  ...cap('C', 'warning', 'tls-compression', 'no-forward-secrecy'),
  ...cap(
    'B',
    'warning',
    'weak-cipher-suite',
    'discouraged-algorithm',
    'incomplete-chain',
    'wrong-chain-order',
  ),
  ...cap('B', 'warning', 'bad-ocsp-staple', 'long-lived-tickets', 'weak-key'),
  ...cap('B', 'error', 'expiring', 'chain-expiring'),
  ...cap('A', 'notice', 'expiring', 'chain-expiring', 'not-post-quantum-ready', 'trusted-by-some'),
];

/** What only a survey tells, and the grade it leaves. */
export const surveyCaps: readonly {
  readonly cap: Grade;
  readonly text: string;
  readonly applies: (survey: GradeInput['survey']) => boolean;
}[] = [
  {
    cap: 'A',
    text: 'no survey has looked for weak protocols and suites',
    applies: (survey) => survey === null,
  },
  {
    cap: 'A',
    text: 'TLS 1.3 is not offered',
    applies: (survey) => survey !== null && !offers(survey, 'TLSv1.3'),
  },
  {
    cap: 'F',
    text: 'SSL 3 or SSL 2 is offered',
    applies: (survey) => survey !== null && (offers(survey, 'SSLv3') || offers(survey, 'SSLv2')),
  },
];

function offers(survey: NonNullable<GradeInput['survey']>, version: string): boolean {
  return survey.versions.some((one) => one.version === version);
}

/** Grades an endpoint by what was found on it: the worst reason decides, A+ needs that there is none. */
export function gradeEndpoint({ findings, survey }: GradeInput): EndpointGrade {
  const found = findings.flatMap(({ rule, severity, title }): GradeReason[] => {
    const caps = gradeCaps.filter((one) => one.rule === rule && atLeast(severity, one.from));
    const worst = caps.map((one) => one.cap).sort(worstFirst)[0];
    return worst === undefined ? [] : [{ cap: worst, rule, text: title }];
  });
  const surveyed = surveyCaps
    .filter(({ applies }) => applies(survey))
    .map((one): GradeReason => ({ cap: one.cap, rule: null, text: one.text }));
  const reasons = [...found, ...surveyed].sort((a, b) => worstFirst(a.cap, b.cap));
  return { grade: reasons[0]?.cap ?? 'A+', reasons };
}

function worstFirst(one: Grade, other: Grade): number {
  return grades.indexOf(other) - grades.indexOf(one);
}
