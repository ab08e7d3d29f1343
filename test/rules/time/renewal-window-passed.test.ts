import { renewalWindowPassed } from '../../../src/rules/time/renewal-window-passed.js';
import { certificate, hash, minutes, observation } from '../../store/sample.js';
import { told, windowFor } from '../network-answers.js';
import { testFleetRule } from '../fleet-support.js';

testFleetRule(
  renewalWindowPassed,
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
      windowFor('one', { end: minutes(10_000) }),
      windowFor('two', { movedFrom: minutes(30_000), end: minutes(100) }),
    );
    await told(store, windowFor('three', { outcome: 'failed', start: null, end: null }));
  },
  [
    {
      name: 'warns once the window is over',
      subject: hash('sha256 one'),
      at: minutes(10_001),
      expected: {
        severity: 'warning',
        details: { hosts: ['a.example', 'b.example'], end: minutes(10_000).toISOString() },
      },
    },
    { name: 'passes until it ends', subject: hash('sha256 one'), at: minutes(10_000), expected: 'pass' },
    {
      name: 'flags a window that was moved into the past',
      subject: hash('sha256 two'),
      at: minutes(101),
      expected: { severity: 'error' },
    },
    {
      name: 'passes one that is not known',
      subject: hash('sha256 three'),
      at: minutes(90_000),
      expected: 'pass',
    },
  ],
);
