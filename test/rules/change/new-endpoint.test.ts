import { newEndpoint } from '../../../src/rules/change/new-endpoint.js';
import { testFleetRule } from '../fleet-support.js';
import { later } from '../support.js';
import { fill, keyOf } from './estate.js';

testFleetRule(newEndpoint, fill, [
  {
    name: 'shows an endpoint that was never seen before',
    subject: keyOf('new.example.com'),
    expected: { title: 'new.example.com is new', host: 'new.example.com' },
  },
  { name: 'for three days', subject: keyOf('new.example.com'), at: later(2.1), expected: 'pass' },
  { name: 'passes one that served nothing yet', subject: keyOf('never.example.com'), expected: 'pass' },
  { name: 'passes one that is known', subject: keyOf('same.example.com'), expected: 'pass' },
  {
    name: 'passes everything on the first day of all',
    subject: keyOf('renewed.example.com'),
    at: later(-9),
    expected: 'pass',
  },
]);
