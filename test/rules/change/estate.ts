import type { Certificate } from '../../../src/model/certificate.js';
import type { Observation } from '../../../src/model/observation.js';
import { endpointKey } from '../../../src/model/target.js';
import type { OpenStore } from '../../../src/store/index.js';
import { certificate, observation } from '../../store/sample.js';
import { later } from '../support.js';

function at(host: string, day: number, leaf: Certificate): Observation {
  return observation(host, { certificate: leaf, chain: [leaf], observedAt: later(day) });
}

function miss(host: string, day: number): Observation {
  const nothing = { outcome: 'refused', certificate: null, chain: [], tls: null } as const;
  return observation(host, { ...nothing, observedAt: later(day) });
}

const leafOf = (seed: string, change: Partial<Certificate> = {}): Certificate => certificate(seed, change);

/** The certificates that `moved.example.com` served, one after the other. */
export const [movedBefore, movedAfter] = [
  leafOf('moved before', { issuer: 'CN=Old CA' }),
  leafOf('moved after', { issuer: 'CN=New CA', key: { type: 'RSA', bits: 2048, curve: null } }),
];

/** Key of the endpoint of a host. */
export const keyOf = (host: string): string => endpointKey(observation(host).target);

/** Writes ten days of an estate in which some endpoints change. */
export async function fill(store: OpenStore): Promise<void> {
  const [renewedBefore, renewedAfter] = [leafOf('renewed before'), leafOf('renewed after')];
  const [left, right] = [leafOf('left'), leafOf('right')];
  const looks: readonly Observation[] = [
    at('moved.example.com', -10, movedBefore),
    at('moved.example.com', -1, movedAfter),
    at('renewed.example.com', -10, renewedBefore),
    at('renewed.example.com', -1, renewedAfter),
    at('same.example.com', -10, leafOf('same')),
    at('same.example.com', -1, leafOf('same')),
    at('old.example.com', -10, leafOf('old before')),
    at('old.example.com', -5, leafOf('old after')),
    at('two.example.com', -10, left),
    at('two.example.com', -9, right),
    at('two.example.com', -1, left),
    at('new.example.com', -1, leafOf('new')),
    at('gone.example.com', -10, leafOf('gone')),
    at('gone.example.com', -1, leafOf('gone')),
    ...[-0.5, -0.4, -0.3].map((day) => miss('gone.example.com', day)),
    at('flaps.example.com', -10, leafOf('flaps')),
    at('flaps.example.com', -1, leafOf('flaps')),
    ...[-0.5, -0.4].map((day) => miss('flaps.example.com', day)),
    miss('never.example.com', -1),
  ];
  // As they were observed, one after the other.
  for (const look of looks) await store.writeObservations([look]);
}
