import { revokedStillServed } from '../../../src/rules/revocation/revoked-still-served.js';
import { certificate, hash, minutes, observation } from '../../store/sample.js';
import { statusFor, told } from '../network-answers.js';
import { testFleetRule } from '../fleet-support.js';

testFleetRule(
  revokedStillServed,
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
    await told(
      store,
      statusFor('one'),
      statusFor('two', { reason: 'superseded', revokedAt: null }),
      statusFor('three', { outcome: 'good', reason: null, revokedAt: null }),
      statusFor('not served'),
    );
  },
  [
    {
      name: 'flags a revoked certificate once, with everywhere it is served',
      subject: hash('sha256 one'),
      expected: {
        severity: 'critical',
        details: { endpointCount: 2, hosts: ['a.example', 'b.example'], reason: 'keyCompromise' },
      },
    },
    {
      name: 'flags a superseded one less urgently',
      subject: hash('sha256 two'),
      at: minutes(1440),
      expected: { severity: 'error' },
    },
    {
      name: 'gives 24 hours to replace it',
      subject: hash('sha256 two'),
      at: minutes(1439),
      expected: 'pass',
    },
    { name: 'passes a good one', subject: hash('sha256 three'), at: minutes(1440), expected: 'pass' },
    { name: 'passes one that is not served', subject: hash('sha256 not served'), expected: 'pass' },
  ],
);
