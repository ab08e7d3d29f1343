import { unreachable } from '../../../src/rules/change/unreachable.js';
import { endpointKey } from '../../../src/model/target.js';
import type { Observation, Outcome } from '../../../src/model/observation.js';
import type { OpenStore } from '../../../src/store/index.js';
import { certificate, observation } from '../../store/sample.js';
import { testFleetRule } from '../fleet-support.js';
import { aPolicy, later } from '../support.js';

const keyOf = (host: string, address = '192.0.2.1'): string =>
  endpointKey({ ...observation(host).target, address });

function probe(
  host: string,
  day: number,
  outcome: Outcome,
  address: string | null = '192.0.2.1',
): Observation {
  const usual = observation(host);
  const leaf = certificate(host);
  const nothing = { certificate: null, chain: [], tls: null };
  return {
    ...usual,
    scanId: 'scan-of-web',
    target: { ...usual.target, address },
    outcome,
    observedAt: later(day),
    ...(outcome === 'ok' ? { certificate: leaf, chain: [leaf] } : nothing),
  };
}

const three = (host: string, outcome: Outcome, address?: string | null): readonly Observation[] =>
  [-0.5, -0.4, -0.3].map((day) => probe(host, day, outcome, address));

async function fill(store: OpenStore): Promise<void> {
  const run = {
    id: 'scan-of-web',
    name: 'web',
    startedAt: later(-1),
    finishedAt: later(-0.3),
    targets: 9,
    outcomes: {},
    resume: null,
  };
  await store.writeScanRun(run);
  const looks = [
    probe('down.example.com', -1, 'ok'),
    ...three('down.example.com', 'refused'),
    probe('flaps.example.com', -1, 'ok'),
    ...three('flaps.example.com', 'timeout').slice(1),
    ...three('named.example.com', 'silent'),
    ...three('range.example.com', 'refused'),
    probe('dual.example.com', -0.3, 'ok'),
    ...three('dual.example.com', 'unreachable', '2001:db8::9'),
    probe('lost.example.com', -1, 'ok'),
    ...three('lost.example.com', 'unresolved', null),
    probe('speaks.example.com', -1, 'ok'),
    ...three('speaks.example.com', 'plain-http'),
    probe('moved.example.com', -20, 'ok'),
    ...[-19, -18, -17].map((day) => probe('moved.example.com', day, 'refused')),
  ];
  for (const look of looks) await store.writeObservations([look]);
}

const expecting = aPolicy({ expectedHosts: ['named.example.com', 'dual.example.com'] });

testFleetRule(unreachable, fill, [
  {
    name: 'reports one that served a certificate and refuses connections now, with its scan as cause',
    subject: keyOf('down.example.com'),
    expected: {
      title: 'down.example.com:443 refuses connections',
      cause: { kind: 'scan', key: 'web' },
      details: { misses: 3, outcome: 'refused', scan: 'web' },
    },
  },
  { name: 'passes one that was missed twice', subject: keyOf('flaps.example.com'), expected: 'pass' },
  {
    name: 'reports that one where two misses are enough',
    subject: keyOf('flaps.example.com'),
    policy: aPolicy({ goneAfterMisses: 2 }),
    expected: { title: 'flaps.example.com:443 does not answer', details: { misses: 2 } },
  },
  {
    name: 'reports one that is named and never answered',
    subject: keyOf('named.example.com'),
    policy: expecting,
    expected: { title: 'named.example.com:443 does not answer', details: { lastOkAt: null } },
  },
  {
    name: 'passes one of a range that never answered',
    subject: keyOf('range.example.com'),
    policy: expecting,
    expected: 'pass',
  },
  {
    name: 'passes an address that never answered where another one of the host does',
    subject: keyOf('dual.example.com', '2001:db8::9'),
    policy: expecting,
    expected: 'pass',
  },
  {
    name: 'reports a host that served a certificate and does not resolve any more',
    subject: endpointKey({ ...observation('lost.example.com').target, address: null }),
    expected: { title: 'lost.example.com:443 does not resolve' },
  },
  {
    name: 'passes one that answers, if not with a certificate',
    subject: keyOf('speaks.example.com'),
    expected: 'pass',
  },
  { name: 'passes one that no scan probes any more', subject: keyOf('moved.example.com'), expected: 'pass' },
  {
    name: 'passes one that is down a day after the last probe',
    subject: keyOf('down.example.com'),
    at: later(2),
    expected: 'pass',
  },
]);
