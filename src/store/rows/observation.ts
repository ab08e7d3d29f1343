import { endpointKey, type Target } from '../../model/target.js';
import type { Observation, Outcome, TlsFacts } from '../../model/observation.js';
import type { ObservationRow } from '../reader.js';
import type { EndpointState } from '../store.js';
import { date, orNull } from './decode.js';
import { base64, dateTime, type RowCodec } from './encode.js';

function clientCertificate(requested: boolean | null | undefined): string {
  if (requested === true) return 'yes';
  return requested === false ? 'no' : 'unknown';
}

/** Rows of `observations`. */
export const observationCodec: RowCodec<Observation> = {
  table: 'observations',
  columns: [
    'host',
    'endpoint',
    'observed_at',
    'scan_id',
    'address',
    'port',
    'server_name',
    'starttls',
    'outcome',
    'detail',
    'tls_version',
    'tls_cipher',
    'tls_group',
    'tls_alpn',
    'tls_client_certificate',
    'ocsp_response_base64',
    'certificate',
    'issuers',
    'duration_ms',
  ],
  encode({ target, tls, chain, certificate, ...look }) {
    return [
      target.host,
      endpointKey(target),
      dateTime(look.observedAt),
      look.scanId,
      target.address ?? '',
      target.port,
      target.serverName ?? '',
      target.starttls ?? '',
      look.outcome,
      look.detail ?? '',
      tls?.version ?? '',
      tls?.cipher ?? '',
      tls?.group ?? '',
      tls?.alpn ?? '',
      clientCertificate(tls?.clientCertificateRequested),
      base64(tls?.ocspResponse ?? null),
      certificate?.sha256 ?? '',
      chain.slice(1).map((issuer) => issuer.sha256),
      Math.max(0, Math.round(look.durationMs)),
    ];
  },
};

interface TargetColumns {
  readonly host: string;
  readonly address: string;
  readonly port: number;
  readonly server_name: string;
  readonly starttls: string;
}

interface TlsColumns {
  readonly certificate: string;
  readonly issuers: readonly string[];
  readonly tls_version: string;
  readonly tls_cipher: string;
  readonly tls_group: string;
  readonly tls_alpn: string;
  readonly tls_client_certificate: string;
  readonly ocsp_response: string;
}

/** Columns of `observations` as {@link observationColumns} selects them. */
export interface ObservationColumns extends TargetColumns, TlsColumns {
  readonly endpoint: string;
  readonly observed_at: string;
  readonly scan_id: string;
  readonly outcome: string;
  readonly detail: string;
  readonly duration_ms: number;
}

/** What to select for {@link toObservationRow}. */
export const observationColumns =
  'host, address, port, server_name, starttls, endpoint, observed_at, scan_id, outcome, detail, certificate, issuers, ' +
  'tls_version, tls_cipher, tls_group, tls_alpn, toString(tls_client_certificate) AS tls_client_certificate, ' +
  'base64Encode(ocsp_response) AS ocsp_response, duration_ms';

/** A row of `observations`. */
export function toObservationRow(row: ObservationColumns): ObservationRow {
  return {
    endpointKey: row.endpoint,
    observedAt: date(row.observed_at),
    scanId: row.scan_id,
    target: toTarget(row),
    outcome: row.outcome as Outcome,
    detail: orNull(row.detail),
    tls: toTls(row),
    certificateSha256: orNull(row.certificate),
    chain: toChain(row),
    durationMs: row.duration_ms,
  };
}

/** Columns of `endpoints` as {@link endpointColumns} selects them. */
export interface EndpointColumns extends TargetColumns, TlsColumns {
  readonly endpoint: string;
  readonly first_seen_at: string;
  readonly last_observed_at: string;
  readonly last_outcome: string;
  readonly last_detail: string;
  readonly ever_ok: boolean;
  readonly last_ok_at: string;
}

/** What to select, grouped by host_reversed and endpoint, for {@link toEndpointState}. */
export const endpointColumns = `endpoint, host_reversed,
  any(e.host) AS host, any(e.address) AS address, any(e.port) AS port, any(e.server_name) AS server_name, any(e.starttls) AS starttls,
  min(e.first_seen_at) AS first_seen_at, max(e.last_observed_at) AS last_observed_at,
  argMaxMerge(e.last) AS last_look, last_look.1 AS last_outcome, last_look.2 AS last_detail,
  max(e.last_ok_at) AS last_ok_at, toBool(toUnixTimestamp64Milli(last_ok_at) > 0) AS ever_ok,
  argMaxIfMerge(e.ok) AS last_ok, last_ok.1 AS certificate, last_ok.2 AS issuers, last_ok.3 AS tls_version, last_ok.4 AS tls_cipher,
  last_ok.5 AS tls_group, last_ok.6 AS tls_alpn,
  transform(last_ok.7, [1, 2], ['no', 'yes'], 'unknown') AS tls_client_certificate, base64Encode(last_ok.8) AS ocsp_response`;

/** A row of `endpoints`. */
export function toEndpointState(row: EndpointColumns): EndpointState {
  return {
    key: row.endpoint,
    target: toTarget(row),
    firstSeenAt: date(row.first_seen_at),
    lastObservedAt: date(row.last_observed_at),
    lastOutcome: row.last_outcome as Outcome,
    lastDetail: orNull(row.last_detail),
    lastOkAt: row.ever_ok ? date(row.last_ok_at) : null,
    chain: toChain(row),
    tls: toTls(row),
  };
}

function toTarget(row: TargetColumns): Target {
  return {
    host: row.host,
    address: orNull(row.address),
    port: row.port,
    serverName: orNull(row.server_name),
    starttls: orNull(row.starttls) as Target['starttls'],
  };
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
    ocspResponse: row.ocsp_response === '' ? null : Buffer.from(row.ocsp_response, 'base64'),
  };
  return Object.values(facts).every((fact) => fact === null) ? null : facts;
}
