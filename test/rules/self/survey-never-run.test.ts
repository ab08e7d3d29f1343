import { surveyNeverRun } from '../../../src/rules/self/survey-never-run.js';
import { certificate, minutes, observation, surveyWith } from '../../store/sample.js';
import { testFleetRule } from '../fleet-support.js';

const weekMinutes = 7 * 1440;

testFleetRule(
  surveyNeverRun,
  async (store) => {
    const seen = (host: string, observedAt: Date, change: Parameters<typeof observation>[1] = {}) => {
      const leaf = certificate(host);
      return observation(host, { observedAt, certificate: leaf, chain: [leaf], ...change });
    };
    const silent = { outcome: 'refused', certificate: null, chain: [], tls: null } as const;
    await store.writeObservations([
      seen('plain.example', minutes(0)),
      seen('other.example', minutes(1440)),
      seen('surveyed.example', minutes(0), { survey: surveyWith(certificate('b')) }),
      seen('silent.example', minutes(0), silent),
    ]);
  },
  [
    {
      name: 'passes in the first day of an endpoint',
      subject: 'surveys',
      at: minutes(1439),
      expected: 'pass',
    },
    {
      name: 'flags after a day, but nothing that was surveyed or never served a certificate',
      subject: 'surveys',
      at: minutes(1440),
      expected: {
        title: 'plain.example:443 was never surveyed',
        details: { endpoints: 1, examples: ['plain.example:443'] },
      },
    },
    {
      name: 'counts',
      subject: 'surveys',
      at: minutes(2880),
      expected: { title: '2 endpoints were never surveyed', details: { endpoints: 2 } },
    },
    {
      name: 'forgets what has served nothing for a week',
      subject: 'surveys',
      at: minutes(1440 + weekMinutes),
      expected: 'pass',
    },
  ],
);
