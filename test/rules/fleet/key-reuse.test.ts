import { keyReuse } from '../../../src/rules/fleet/key-reuse.js';
import { certificate, hash, minutes, observation } from '../../store/sample.js';
import { testFleetRule } from '../fleet-support.js';

/** An observation of `host` that brought the certificate `seed` with the key `key`. */
function serving(host: string, seed: string, key: string, minute: number) {
  const leaf = { ...certificate(seed), spkiSha256: hash(key) };
  return observation(host, { certificate: leaf, chain: [leaf], observedAt: minutes(minute) });
}

testFleetRule(
  keyReuse,
  (store) =>
    store.writeObservations([
      serving('www.example.com', 'one', 'shared', 0),
      serving('shop.example.net', 'two', 'shared', 0),
      serving('renewed.example.com', 'old', 'kept', 0),
      serving('renewed.example.com', 'new', 'kept', 60),
      serving('a.example.com', 'both', 'one certificate', 0),
      serving('b.example.com', 'both', 'one certificate', 0),
      serving('left.example.com', 'left old', 'left', 0),
      serving('left.example.com', 'left new', 'left', 60),
      serving('left.example.com', 'left last', 'another', 120),
    ]),
  [
    {
      name: 'warns of a key on two registered domains',
      subject: hash('shared'),
      expected: {
        severity: 'warning',
        title: '2 domains share one key',
        details: {
          hosts: ['shop.example.net', 'www.example.com'],
          domains: ['example.net', 'example.com'],
          certificateCount: 2,
        },
      },
    },
    {
      name: 'notes a key that was kept at renewal',
      subject: hash('kept'),
      expected: { severity: 'notice', title: 'Key is kept at renewal', host: 'renewed.example.com' },
    },
    {
      name: 'passes one certificate on two hosts',
      subject: hash('one certificate'),
      expected: 'pass',
    },
    { name: 'passes a key that is no longer served', subject: hash('left'), expected: 'pass' },
  ],
);
