import { certificateChanged } from '../../../src/rules/change/certificate-changed.js';
import { testFleetRule } from '../fleet-support.js';
import { later } from '../support.js';
import { fill, keyOf, movedAfter, movedBefore } from './estate.js';

testFleetRule(certificateChanged, fill, [
  {
    name: 'shows what was served before and after',
    subject: keyOf('moved.example.com'),
    expected: {
      title: 'Certificate of moved.example.com changed',
      certificateSha256: movedAfter.sha256,
      evidence: [
        {
          label: 'Certificate',
          value: movedAfter.sha256,
          expected: movedBefore.sha256,
          source: 'scan',
          at: later(-1),
        },
      ],
    },
  },
  {
    name: 'shows a renewal',
    subject: keyOf('renewed.example.com'),
    expected: { host: 'renewed.example.com' },
  },
  { name: 'shows it for three days', subject: keyOf('renewed.example.com'), at: later(2), expected: {} },
  { name: 'and no longer', subject: keyOf('renewed.example.com'), at: later(2.1), expected: 'pass' },
  { name: 'passes what stays the same', subject: keyOf('same.example.com'), expected: 'pass' },
  { name: 'passes a change of last week', subject: keyOf('old.example.com'), expected: 'pass' },
  { name: 'passes two servers that take turns', subject: keyOf('two.example.com'), expected: 'pass' },
  { name: 'passes an endpoint that is new', subject: keyOf('new.example.com'), expected: 'pass' },
]);
