import { issuerChanged } from '../../../src/rules/change/issuer-changed.js';
import { testFleetRule } from '../fleet-support.js';
import { later } from '../support.js';
import { fill, keyOf } from './estate.js';

testFleetRule(issuerChanged, fill, [
  {
    name: 'shows both issuers',
    subject: keyOf('moved.example.com'),
    expected: {
      title: 'Issuer of moved.example.com changed',
      evidence: [
        { label: 'Issuer', value: 'CN=New CA', expected: 'CN=Old CA', source: 'scan', at: later(-1) },
      ],
    },
  },
  { name: 'passes a renewal by the same issuer', subject: keyOf('renewed.example.com'), expected: 'pass' },
]);
