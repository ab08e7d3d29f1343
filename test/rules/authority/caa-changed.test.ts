import { caaChanged } from '../../../src/rules/authority/caa-changed.js';
import { minutes } from '../../store/sample.js';
import { caa, property, told } from '../network-answers.js';
import { testFleetRule } from '../fleet-support.js';

testFleetRule(
  caaChanged,
  async (store) => {
    const [one, other] = [[property('issue', 'one.example')], [property('issue', 'other.example')]];
    const later = { since: minutes(60), checkedAt: minutes(60) };
    await told(store, caa('changed.example', one), caa('changed.example', other, later));
    await told(store, caa('same.example', one), caa('same.example', one, { ...later, authenticated: false }));
    await told(store, caa('failed.example', one));
    await told(store, caa('failed.example', [], { ...later, outcome: 'failed' }));
    await told(store, caa('below.changed.example', one, { foundAt: 'changed.example' }));
    await told(store, caa('below.changed.example', other, { ...later, foundAt: 'changed.example' }));
  },
  [
    {
      name: 'warns of a change, with what was and is',
      subject: 'changed.example',
      at: minutes(120),
      expected: {
        details: {
          was: ['0 issue "one.example"'],
          is: ['0 issue "other.example"'],
          since: minutes(60).toISOString(),
        },
      },
    },
    {
      name: 'passes it a week later',
      subject: 'changed.example',
      at: minutes(60 + 7 * 1440 + 1),
      expected: 'pass',
    },
    {
      name: 'passes the same records with another mark',
      subject: 'same.example',
      at: minutes(120),
      expected: 'pass',
    },
    { name: 'passes a lookup that failed', subject: 'failed.example', at: minutes(120), expected: 'pass' },
    {
      name: 'reports a change where the records stand, not for each name below',
      subject: 'below.changed.example',
      at: minutes(120),
      expected: 'pass',
    },
  ],
);
