import type { Certificate, PublicKeyFacts } from './certificate.js';
import { notProbed, type NotProbed } from './not-probed.js';
import type { Observation, Verdict } from './observation.js';
import { gradeEndpoint, type EndpointGrade } from './endpoint-grade.js';
import type { AlternateChain, SurveyFacts } from './survey.js';

/** A certificate as it stands in JSON lines: dates in ISO form, absent values null, no bytes. */
export interface CertificateLine {
  readonly sha256: string;
  readonly sha1: string;
  readonly spkiSha256: string | null;
  readonly subject: string;
  readonly issuer: string;
  readonly serialNumber: string;
  readonly notBefore: string | null;
  readonly notAfter: string | null;
  readonly dnsNames: readonly string[];
  readonly ipAddresses: readonly string[];
  readonly key: PublicKeyFacts | null;
  readonly signatureAlgorithm: string | null;
}

/** What a rule said, as it stands in JSON lines. */
export type FindingLine = Pick<Verdict, 'rule' | 'severity' | 'title' | 'details'>;

/** The stable JSON form of one look at one endpoint. Keys are only ever added. */
export interface ObservationLine {
  readonly type: 'observation';
  readonly observedAt: string;
  readonly target: {
    readonly host: string;
    readonly address: string | null;
    readonly port: number;
    readonly serverName: string | null;
    readonly starttls: string | null;
  };
  readonly outcome: string;
  /** Why there is no certificate, in the server's own words where it gave any, or what went wrong after it came; hostile text. */
  readonly detail: string | null;
  readonly tls: {
    readonly version: string | null;
    readonly cipher: string | null;
    readonly group: string | null;
  } | null;
  readonly certificate: CertificateLine | null;
  /** SHA-256 of everything served, leaf first. */
  readonly chain: readonly string[];
  readonly findings: readonly FindingLine[];
  /** What a survey learned; null when none was made. */
  readonly survey: SurveyLine | null;
  /** The grade of the endpoint and why (docs/grades.md); null when no handshake was seen. */
  readonly grade: EndpointGrade | null;
  /** Chains it serves to clients that accept only the other type of key; null when it was not asked for them. */
  readonly alternates: readonly AlternateLine[] | null;
  /** What was not probed for, so that no finding about it means nothing; a scan at depth survey probes for it. */
  readonly notProbed: readonly NotProbed[];
}

/** A further chain as it stands in JSON lines: the SHA-256 of its certificates, leaf first. */
interface AlternateLine {
  readonly asked: AlternateChain['asked'];
  readonly chain: readonly string[];
}

/** A survey as it stands in JSON lines. */
export type SurveyLine = Omit<SurveyFacts, 'alternates'> & { readonly alternates: readonly AlternateLine[] };

/** The line of one look and what the rules say of it. Texts are hostile; write it through `jsonLine`. */
export function observationLine(observation: Observation, verdicts: readonly Verdict[]): ObservationLine {
  const { host, address, port, serverName, starttls } = observation.target;
  const { tls, certificate } = observation;
  return {
    type: 'observation',
    observedAt: observation.observedAt.toISOString(),
    target: { host, address, port, serverName, starttls },
    outcome: observation.outcome,
    detail: observation.detail,
    tls: tls === null ? null : { version: tls.version, cipher: tls.cipher, group: tls.group },
    certificate: certificate === null ? null : certificateLine(certificate),
    chain: observation.chain.map(({ sha256 }) => sha256),
    findings: verdicts.map(findingLine),
    survey: observation.survey ? surveyLine(observation.survey) : null,
    grade: observationGrade(observation, verdicts),
    alternates: observation.alternates ? alternateLines(observation.alternates) : null,
    notProbed: notProbed(observation),
  };
}

/** The grade of an endpoint by one observation of it; null when no handshake was seen. */
export function observationGrade(
  { tls, certificate, survey = null }: Pick<Observation, 'tls' | 'certificate' | 'survey'>,
  findings: readonly Verdict[],
): EndpointGrade | null {
  if (tls === null && certificate === null && (survey?.versions ?? []).length === 0) return null;
  return gradeEndpoint({ findings, survey });
}

function surveyLine(survey: SurveyFacts): SurveyLine {
  return { ...survey, alternates: alternateLines(survey.alternates) };
}

function alternateLines(alternates: readonly AlternateChain[]): readonly AlternateLine[] {
  return alternates.map(({ asked, chain }) => ({ asked, chain: chain.map(({ sha256 }) => sha256) }));
}

/** The JSON form of one certificate. */
export function certificateLine(certificate: Certificate): CertificateLine {
  const { sha256, sha1, spkiSha256, subject, issuer, serialNumber, key, signatureAlgorithm } = certificate;
  return {
    sha256,
    sha1,
    spkiSha256,
    subject,
    issuer,
    serialNumber,
    notBefore: isoText(certificate.notBefore),
    notAfter: isoText(certificate.notAfter),
    dnsNames: certificate.dnsNames,
    ipAddresses: certificate.ipAddresses,
    key: key === null ? null : { type: key.type, bits: key.bits, curve: key.curve },
    signatureAlgorithm,
  };
}

/** The JSON form of one verdict. */
export function findingLine({ rule, severity, title, details }: Verdict): FindingLine {
  return { rule, severity, title, details };
}

function isoText(date: Date | null): string | null {
  return date === null || Number.isNaN(date.getTime()) ? null : date.toISOString();
}
