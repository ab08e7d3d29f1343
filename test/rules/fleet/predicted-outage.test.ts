import { predictedOutage } from '../../../src/rules/fleet/predicted-outage.js';
import { testFleetRule } from '../fleet-support.js';
import { later } from '../support.js';
import { backend, keyOf, leafOf, logged, manage } from './renewals.js';

const late = leafOf('late', ['late.example.com'], [-80, 10]);
const renewed = leafOf('renewed', ['renewed.example.com'], [-80, 10]);
const renewal = leafOf('renewal', ['renewed.example.com'], [-1, 89]);
const young = leafOf('young', ['young.example.com'], [-60, 30]);
const untracked = leafOf('untracked', ['private.example.com'], [-80, 10]);
const managed = leafOf('managed', ['managed.example.com'], [-300, 98]);
const six = leafOf('six days', ['short.example.com'], [-5, 1]);

testFleetRule(
  predictedOutage,
  async (store) => {
    await store.writeObservations(
      [late, renewed, young, untracked, managed, six].map((leaf, n) => backend(leaf.names[0] ?? '', n, leaf)),
    );
    await store.writeCtEntries(logged(late, renewed, renewal, young, six));
    await manage(store, managed);
  },
  [
    {
      name: 'flags a certificate past its renewal for which nothing was issued',
      subject: keyOf(late),
      expected: {
        severity: 'warning',
        title: 'Nothing issued, outage in 10 days',
        dueAt: later(10),
        details: { endpointCount: 1, hoursToOutage: 240, renewalPoint: later(-20) },
      },
    },
    {
      name: 'is an error on the last day',
      subject: keyOf(late),
      at: later(9.5),
      expected: { severity: 'error' },
    },
    { name: 'passes one with a successor in a log', subject: keyOf(renewed), expected: 'pass' },
    { name: 'allows for the spread of renewals', subject: keyOf(young), expected: 'pass' },
    {
      name: 'still does so after four days of ninety',
      subject: keyOf(young),
      at: later(4),
      expected: 'pass',
    },
    { name: 'flags it after five', subject: keyOf(young), at: later(5), expected: { severity: 'warning' } },
    {
      name: 'says nothing of a certificate whose renewal it could not see',
      subject: keyOf(untracked),
      expected: 'pass',
    },
    { name: 'flags one that an inventory holds', subject: keyOf(managed), expected: { severity: 'warning' } },
    { name: 'fits lifetimes of six days', subject: keyOf(six), expected: { severity: 'warning' } },
    { name: 'ends with the certificate', subject: keyOf(late), at: later(10), expected: 'pass' },
  ],
);
