import { Gauge, Registry } from 'prom-client';
import { z } from 'zod';
import type { Certificate } from '../model/certificate.js';
import type { ProbeResult } from '../model/probe-result.js';
import type { Validation } from '../model/validation.js';
import { Problem } from './problem.js';
import { file, route, type ApiParts } from './routes.js';
import type { Api } from './server.js';

/** Probes one target for Prometheus, under the metric names of blackbox_exporter, so that its dashboards and alerts work here. */
export function probeRoutes(app: Api, { probe }: ApiParts): void {
  app.get(
    '/probe',
    route({
      id: 'probeTarget',
      summary: 'Probes one target now; the answer is in the names of blackbox_exporter',
      access: 'operator',
      schema: {
        tags: ['operation'],
        querystring: z.strictObject({
          target: z.string().min(1).max(300).describe('Host, host:port, or address, within the scan scope.'),
        }),
        response: { 200: file('Metrics of this probe.', 'text/plain') },
      },
    }),
    async ({ query, raw }, reply) => {
      const abort = new AbortController();
      raw.once('close', () => abort.abort());
      const startedAt = performance.now();
      const result = await probe(query.target, abort.signal);
      if (typeof result === 'string') throw new Problem(422, result);
      const registry = metricsOf(result, (performance.now() - startedAt) / 1_000);
      return reply.type(registry.contentType).send(await registry.metrics()) as never;
    },
  );
}

function metricsOf({ observation, validation }: ProbeResult, seconds: number): Registry {
  const registry = new Registry();
  const { outcome, certificate, chain, tls, target } = observation;
  const isValid = validation?.verdict === 'valid';
  const set = (
    name: string,
    help: string,
    value: number,
    labels: Readonly<Record<string, string>> = {},
  ): void =>
    new Gauge({ name, help, labelNames: Object.keys(labels), registers: [registry] }).set(labels, value);
  set('probe_success', 'Whether a certificate came whose path is valid', outcome === 'ok' && isValid ? 1 : 0);
  set('probe_duration_seconds', 'How long the probe took', seconds);
  set('probe_ip_protocol', 'Protocol of the address probed', target.address?.includes(':') === true ? 6 : 4);
  set('certglass_probe_outcome', 'Outcome of the probe', 1, { outcome });
  if (certificate === null) return registry;
  const ends = chain.flatMap(({ notAfter }) => (notAfter === null ? [] : [notAfter.getTime() / 1_000]));
  const earliest = Math.min(...ends);
  set(
    'probe_ssl_earliest_cert_expiry',
    'When the first certificate of the chain as served expires',
    earliest,
  );
  if (isValid)
    set(
      'probe_ssl_last_chain_expiry_timestamp_seconds',
      'When the valid path expires',
      pathEnd(certificate, validation),
    );
  set('probe_ssl_last_chain_info', 'The certificate served', 1, {
    fingerprint_sha256: certificate.sha256,
    subject: certificate.subject,
    issuer: certificate.issuer,
    subjectalternative: certificate.dnsNames.join(','),
    serialnumber: certificate.serialNumber,
  });
  if (tls !== null) {
    set('probe_tls_version_info', 'The TLS version negotiated', 1, { version: tls.version ?? 'unknown' });
    set('probe_tls_cipher_info', 'The cipher suite negotiated', 1, { cipher: tls.cipher ?? 'unknown' });
  }
  return registry;
}

/** The first end on the path, in seconds since 1970. */
function pathEnd({ notAfter }: Pick<Certificate, 'notAfter'>, { links }: Validation): number {
  const path = links.filter(({ role }) => role !== 'crl-signer').map((link) => link.notAfter);
  const ends = [notAfter, ...path].flatMap((date) => (date === null ? [] : [date.getTime() / 1_000]));
  return Math.min(...ends);
}
