import type { Certificate } from '../../model/certificate.js';
import { endpointKey, targetOfKey } from '../../model/target.js';
import type { Observation, Outcome, TlsFacts } from '../../model/observation.js';
import type { SurveyFacts } from '../../model/survey.js';
import type { ObservationRow } from '../reader.js';
import type { EndpointState, StoredSurvey } from '../../model/endpoint-state.js';
import { bytes, instant, text, textList, uint32, type RowCodec } from './column.js';
import { date, orNull } from './decode.js';
import { toJson } from './json.js';

const unknownTime = new Date(0);

/** Rows of `observations`. */
export const observationCodec: RowCodec<Observation> = {
  table: 'observations',
  isBulk: true,
  columns: [
    text('endpoint', (look) => endpointKey(look.target)),
    instant('observed_at', (look) => look.observedAt),
    text('scan_id', (look) => look.scanId),
    text('outcome', (look) => look.outcome),
    text('detail', (look) => look.detail),
    text('certificate', (look) => look.certificate?.sha256 ?? null),
    textList('issuers', (look) => look.chain.slice(1).map((issuer) => issuer.sha256)),
    text('tls_version', (look) => look.tls?.version ?? null),
    text('tls_cipher', (look) => look.tls?.cipher ?? null),
    text('tls_group', (look) => look.tls?.group ?? null),
    text('tls_alpn', (look) => look.tls?.alpn ?? null),
    text('tls_client_certificate', (look) => clientCertificate(look.tls?.clientCertificateRequested)),
    bytes('ocsp_response', (look) => look.tls?.ocspResponse ?? null),
    text('survey', (look) => (look.survey ? toJson(storedSurvey(look.survey)) : null)),
    uint32('duration_ms', (look) => look.durationMs),
  ],
};

/** A survey without the bytes of the certificates it saw. */
function storedSurvey(survey: SurveyFacts): StoredSurvey {
  const alternates = survey.alternates.map(({ asked, chain }) => ({
    asked,
    chain: chain.map((one) => one.sha256),
  }));
  return { ...survey, alternates };
}

function clientCertificate(requested: boolean | null | undefined): string {
  if (requested === true) return 'yes';
  return requested === false ? 'no' : 'unknown';
}

/** That an endpoint was seen with a certificate, or without one. */
export interface EndpointSighting {
  readonly endpoint: string;
  readonly certificate: Certificate | null;
  readonly seenAt: Date;
  /** False when only a survey met the certificate, besides the usual one. */
  readonly isLeading: boolean;
}

/** Rows of `sightings`. */
export const sightingCodec: RowCodec<EndpointSighting> = {
  table: 'sightings',
  isBulk: true,
  columns: [
    text('endpoint', (sighting) => sighting.endpoint),
    text('certificate', (sighting) => sighting.certificate?.sha256 ?? null),
    text('spki_sha256', (sighting) => sighting.certificate?.spkiSha256 ?? null),
    text('issuer', (sighting) => sighting.certificate?.issuer ?? null),
    instant('not_after', (sighting) => sighting.certificate?.notAfter ?? unknownTime),
    instant('first_seen_at', (sighting) => sighting.seenAt),
    instant('last_seen_at', (sighting) => sighting.seenAt),
    instant('leading_at', (sighting) => (sighting.isLeading ? sighting.seenAt : unknownTime)),
  ],
};

interface TlsColumns {
  readonly certificate: string;
  readonly issuers: readonly string[];
  readonly tls_version: string;
  readonly tls_cipher: string;
  readonly tls_group: string;
  readonly tls_alpn: string;
  readonly tls_client_certificate: string;
  readonly ocsp_response_base64: string;
}

/** Columns of `observations` as {@link observationColumns} selects them. */
export interface ObservationColumns extends TlsColumns {
  readonly endpoint: string;
  readonly observed_at: string;
  readonly scan_id: string;
  readonly outcome: string;
  readonly detail: string;
  readonly survey: string;
  readonly duration_ms: number;
}

/** What to select for {@link toObservationRow}. */
export const observationColumns =
  'endpoint, observed_at, scan_id, outcome, detail, certificate, issuers, tls_version, tls_cipher, tls_group, tls_alpn, ' +
  'tls_client_certificate, base64Encode(ocsp_response) AS ocsp_response_base64, survey, duration_ms';

/** A row of `observations`. */
export function toObservationRow(row: ObservationColumns): ObservationRow {
  return {
    endpointKey: row.endpoint,
    observedAt: date(row.observed_at),
    scanId: row.scan_id,
    target: targetOfKey(row.endpoint),
    outcome: row.outcome as Outcome,
    detail: orNull(row.detail),
    tls: toTls(row),
    certificateSha256: orNull(row.certificate),
    chain: toChain(row),
    survey: toSurvey(row.survey),
    durationMs: row.duration_ms,
  };
}

/** Columns of `endpoints_now` as {@link endpointColumns} selects them. */
export interface EndpointColumns extends TlsColumns {
  readonly endpoint: string;
  readonly first_seen_at: string;
  readonly last_observed_at: string;
  readonly outcome: string;
  readonly detail: string;
  readonly ever_ok: boolean;
  readonly surveyed_at: string;
  readonly last_ok_at: string;
  readonly survey: string;
}

/** What to select from `endpoints` (as e), grouped by host_reversed and endpoint, for {@link toEndpointState}. */
export const endpointColumns = `endpoint, min(e.observed_at) AS first_seen_at, maxIf(e.observed_at, kind IN ('failed', 'ok')) AS last_observed_at,
  argMaxIf(tuple(e.outcome, e.detail), e.observed_at, kind IN ('failed', 'ok')) AS look, look.1 AS outcome, look.2 AS detail,
  maxIf(e.observed_at, kind = 'ok') AS last_ok_at, toBool(countIf(kind = 'ok') > 0) AS ever_ok,
  argMaxIf(tuple(e.certificate, e.issuers, e.tls_version, e.tls_cipher, e.tls_group, e.tls_alpn, e.tls_client_certificate,
    base64Encode(e.ocsp_response)), tuple(kind = 'ok', e.observed_at), kind IN ('failed', 'ok')) AS ok,
  ok.1 AS certificate, ok.2 AS issuers, ok.3 AS tls_version, ok.4 AS tls_cipher, ok.5 AS tls_group, ok.6 AS tls_alpn,
  ok.7 AS tls_client_certificate, ok.8 AS ocsp_response_base64,
  argMaxIf(e.survey, e.observed_at, kind = 'surveyed') AS survey, maxIf(e.observed_at, kind = 'surveyed') AS surveyed_at`;

/** Leaves of the chains that a survey found besides the usual one, of a row of `endpoints` of kind 'surveyed'. */
export const surveyedLeaves = `arrayMap(one -> one.2[1], JSONExtract(survey, 'alternates', 'Array(Tuple(asked String, chain Array(String)))'))`;

/** A row of `endpoints`. */
export function toEndpointState(row: EndpointColumns): EndpointState {
  return {
    key: row.endpoint,
    target: targetOfKey(row.endpoint),
    firstSeenAt: date(row.first_seen_at),
    lastObservedAt: date(row.last_observed_at),
    lastOutcome: row.outcome as Outcome,
    lastDetail: orNull(row.detail),
    lastOkAt: row.ever_ok ? date(row.last_ok_at) : null,
    chain: toChain(row),
    tls: toTls(row),
    survey: toSurvey(row.survey),
    surveyedAt: row.survey === '' ? null : date(row.surveyed_at),
  };
}

function toSurvey(json: string): StoredSurvey | null {
  return json === '' ? null : (JSON.parse(json) as StoredSurvey);
}

function toChain(row: TlsColumns): readonly string[] {
  return row.certificate === '' ? [] : [row.certificate, ...row.issuers];
}

/** Facts of which not one is known were none. */
function toTls(row: TlsColumns): TlsFacts | null {
  const facts: TlsFacts = {
    version: orNull(row.tls_version),
    cipher: orNull(row.tls_cipher),
    group: orNull(row.tls_group),
    alpn: orNull(row.tls_alpn),
    clientCertificateRequested:
      row.tls_client_certificate === 'unknown' ? null : row.tls_client_certificate === 'yes',
    ocspResponse: row.ocsp_response_base64 === '' ? null : Buffer.from(row.ocsp_response_base64, 'base64'),
  };
  return Object.values(facts).every((fact) => fact === null) ? null : facts;
}
