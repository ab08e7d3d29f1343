import { revocationUnknown } from '../../../src/rules/revocation/revocation-unknown.js';
import { certificate, hash, observation } from '../../store/sample.js';
import { statusFor, told } from '../network-answers.js';
import { testFleetRule } from '../fleet-support.js';

testFleetRule(
  revocationUnknown,
  async (store) => {
    const serving = (host: string, seed: string) => {
      const leaf = certificate(seed);
      return observation(host, { certificate: leaf, chain: [leaf] });
    };
    await store.writeObservations([
      serving('a.example', 'one'),
      serving('b.example', 'one'),
      serving('c.example', 'two'),
      serving('d.example', 'three'),
      serving('e.example', 'four'),
    ]);
    const none = { reason: null, revokedAt: null };
    await told(
      store,
      statusFor('one', { ...none, outcome: 'unknown', detail: 'HTTP status 503' }),
      statusFor('two', { ...none, outcome: 'unknown', source: null, method: null }),
      statusFor('three', { ...none, outcome: 'good' }),
      statusFor('four', { ...none, outcome: 'not-covered' }),
    );
  },
  [
    {
      name: 'notes a status that cannot be learned, and why',
      subject: hash('sha256 one'),
      expected: { details: { detail: 'HTTP status 503', endpointCount: 2 } },
    },
    {
      name: 'notes a certificate that its list does not cover',
      subject: hash('sha256 four'),
      expected: { details: { outcome: 'not-covered' } },
    },
    { name: 'passes one that names no list', subject: hash('sha256 two'), expected: 'pass' },
    { name: 'passes a good one', subject: hash('sha256 three'), expected: 'pass' },
  ],
);
