import { caaUnknownCritical } from '../../../src/rules/authority/caa-unknown-critical.js';
import { caa, property, told } from '../network-answers.js';
import { testFleetRule } from '../fleet-support.js';

testFleetRule(
  caaUnknownCritical,
  async (store) => {
    await told(
      store,
      caa('odd.example', [property('issue', 'ca.example'), property('isue', 'ca.example', true)]),
    );
    await told(store, caa('known.example', [property('iodef', 'mailto:a@known.example', true)]));
    await told(store, caa('harmless.example', [property('isue', 'ca.example')]));
  },
  [
    {
      name: 'flags a critical property that CAs do not know',
      subject: 'odd.example',
      expected: { details: { tags: ['isue'] } },
    },
    { name: 'passes a known one', subject: 'known.example', expected: 'pass' },
    { name: 'passes an unknown one that is not critical', subject: 'harmless.example', expected: 'pass' },
  ],
);
