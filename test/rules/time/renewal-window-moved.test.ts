import { renewalWindowMoved } from '../../../src/rules/time/renewal-window-moved.js';
import { hash, minutes } from '../../store/sample.js';
import { told, windowFor } from '../network-answers.js';
import { testFleetRule } from '../fleet-support.js';

testFleetRule(
  renewalWindowMoved,
  async (store) => {
    const moved = { movedFrom: minutes(30_000), since: minutes(0) };
    await told(
      store,
      windowFor('one', { ...moved, start: minutes(100) }),
      windowFor('two', { ...moved, start: minutes(9000) }),
    );
    await told(
      store,
      windowFor('later', { movedFrom: minutes(5), directory: 'https://other.example/directory' }),
    );
  },
  [
    {
      name: 'warns of windows that moved forward, one finding for the CA',
      subject: 'https://acme.example/directory',
      expected: {
        severity: 'warning',
        title: 'CA wants 2 certificates renewed early',
        details: {
          movedCount: 2,
          begunCount: 0,
          certificates: [hash('sha256 one'), hash('sha256 two')].sort(),
        },
      },
    },
    {
      name: 'is critical once one of them has begun',
      subject: 'https://acme.example/directory',
      at: minutes(100),
      expected: { severity: 'critical', details: { begunCount: 1 } },
    },
    {
      name: 'passes a week later',
      subject: 'https://acme.example/directory',
      at: minutes(7 * 1440 + 1),
      expected: 'pass',
    },
    { name: 'passes windows that moved back', subject: 'https://other.example/directory', expected: 'pass' },
  ],
);
