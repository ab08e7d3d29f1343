import { probe as probed, type ProbeOptions } from '../../../scanners/tls/probe/probe.js';
import type { Observation } from '../../../src/model/observation.js';
import type { Target } from '../../../src/model/target.js';
import type { TestServer } from '../../support/tls-servers.js';

/** The target that a test server is, with `changes`. */
export function targetAt(server: Pick<TestServer, 'host' | 'port'>, changes: Partial<Target> = {}): Target {
  return {
    host: server.host,
    address: server.host,
    port: server.port,
    serverName: null,
    starttls: null,
    ...changes,
  };
}

/** What a single probe sees. */
export async function probe(
  target: Target,
  options: ProbeOptions,
  signal: AbortSignal,
): Promise<Observation> {
  return (await probed(target, options, signal)).observation;
}

/** Options of a probe, with `changes`. */
export function probeOptions(changes: Partial<ProbeOptions> = {}): ProbeOptions {
  return {
    scanId: 'test',
    depth: 'full',
    deadlineMs: 10_000,
    limits: { maxBytes: 262_144, maxCertificateBytes: 1_048_576 },
    sourceAddress: null,
    refusal: () => null,
    ...changes,
  };
}
