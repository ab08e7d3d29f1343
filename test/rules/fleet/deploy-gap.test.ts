import { deployGap } from '../../../src/rules/fleet/deploy-gap.js';
import { testFleetRule } from '../fleet-support.js';
import { later } from '../support.js';
import { backend, keyOf, leafOf, logged, precertificateOf } from './renewals.js';

const hourMs = 3_600_000;
const shop = ['shop.example.com', 'www.shop.example.com'];
const shopOld = leafOf('shop old', shop, [-80, 10]);
const shopNew = leafOf('shop new', [...shop, 'more.example.com'], [-3, 87]);
const [allOld, allNew] = [
  leafOf('all old', ['all.example.com'], [-80, 10]),
  leafOf('all new', ['all.example.com'], [-2, 88]),
];
const done = leafOf('done', ['done.example.com'], [-3, 87]);
const doneBefore = leafOf('done before', ['done.example.com'], [-80, 10]);
const [freshOld, freshNew] = [
  leafOf('fresh old', ['fresh.example.com'], [-80, 10]),
  leafOf('fresh new', ['fresh.example.com'], [-0.9, 89]),
];
const [dualRsa, dualEc] = [
  leafOf('dual rsa', ['dual.example.com'], [-80, 10], { key: { type: 'RSA', bits: 2048, curve: null } }),
  leafOf('dual ec', ['dual.example.com'], [-20, 70]),
];
const [early, earlyNext] = [
  leafOf('early', ['early.example.com'], [-20, 70]),
  leafOf('early next', ['early.example.com'], [-5, 85]),
];
const [part, partNext] = [
  leafOf('part', ['part.example.com'], [-20, 70]),
  leafOf('part next', ['part.example.com'], [-5, 85]),
];
const [fewer, less] = [
  leafOf('fewer', ['one.example.com', 'two.example.com'], [-80, 10]),
  leafOf('less', ['one.example.com'], [-3, 87]),
];

testFleetRule(
  deployGap,
  async (store) => {
    await store.writeObservations([
      ...[1, 2, 3].map((n) => backend('shop.example.com', n, n === 1 ? shopNew : shopOld)),
      backend('all.example.com', 4, allOld),
      backend('done.example.com', 5, done),
      backend('fresh.example.com', 6, freshOld),
      backend('dual.example.com', 7, dualRsa),
      backend('dual.example.com', 8, dualEc),
      backend('early.example.com', 9, early),
      backend('part.example.com', 10, part),
      backend('part.example.com', 11, partNext),
      backend('one.example.com', 12, fewer),
    ]);
    await store.writeCtEntries(
      logged(
        ...[shopOld, precertificateOf(shopNew), allOld, precertificateOf(allNew), allNew, doneBefore, done],
        ...[freshNew, dualEc, early, earlyNext, part, partNext, less],
      ),
    );
  },
  [
    {
      name: 'counts who was updated, and the hours since issuance and to the outage',
      subject: keyOf(shopOld),
      expected: {
        severity: 'warning',
        title: '1 of 3 endpoints updated, 10 days to outage',
        host: 'shop.example.com',
        details: {
          updated: 1,
          total: 3,
          hoursSinceIssuance: 72,
          hoursToOutage: 240,
          successor: shopNew.sha256,
        },
      },
    },
    {
      name: 'flags a renewal that was logged and installed nowhere, by the certificate where it is logged',
      subject: keyOf(allOld),
      expected: {
        title: '0 of 1 endpoints updated, 10 days to outage',
        details: { successor: allNew.sha256 },
      },
    },
    {
      name: 'flags servers that were left out although there is time',
      subject: keyOf(part),
      expected: { severity: 'warning', details: { updated: 1, total: 2 } },
    },
    { name: 'passes a renewal that is installed', subject: keyOf(doneBefore), expected: 'pass' },
    { name: 'passes the new certificate', subject: keyOf(shopNew), expected: 'pass' },
    { name: 'gives a renewal a day', subject: keyOf(freshOld), expected: 'pass' },
    {
      name: 'flags it after the day',
      subject: keyOf(freshOld),
      at: later(0.1),
      expected: { details: { hoursSinceIssuance: 24 } },
    },
    {
      name: 'passes a certificate that has time and is nowhere replaced',
      subject: keyOf(early),
      expected: 'pass',
    },
    {
      name: 'flags it from two thirds of its lifetime on',
      subject: keyOf(early),
      at: later(40),
      expected: { severity: 'warning' },
    },
    {
      name: 'does not take the other key of a dual server for a successor',
      subject: keyOf(dualRsa),
      expected: 'pass',
    },
    {
      name: 'does not take a certificate for fewer names for a successor',
      subject: keyOf(fewer),
      expected: 'pass',
    },
    {
      name: 'is an error three days before the outage',
      subject: keyOf(allOld),
      at: later(10, -72 * hourMs + 1),
      expected: { severity: 'error' },
    },
    {
      name: 'is critical half a day before',
      subject: keyOf(allOld),
      at: later(10, -12 * hourMs + 1),
      expected: { severity: 'critical', title: '0 of 1 endpoints updated, 11 hours to outage' },
    },
    { name: 'ends with the certificate', subject: keyOf(allOld), at: later(10), expected: 'pass' },
  ],
);
