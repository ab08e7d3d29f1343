import { keyChanged } from '../../../src/rules/change/key-changed.js';
import { testFleetRule } from '../fleet-support.js';
import { later } from '../support.js';
import { fill, keyOf } from './estate.js';

testFleetRule(keyChanged, fill, [
  {
    name: 'shows another kind of key',
    subject: keyOf('moved.example.com'),
    expected: {
      title: 'Kind of key of moved.example.com changed',
      evidence: [{ label: 'Kind of key', value: 'RSA', expected: 'EC', source: 'scan', at: later(-1) }],
    },
  },
  { name: 'passes a new key of the same kind', subject: keyOf('renewed.example.com'), expected: 'pass' },
]);
