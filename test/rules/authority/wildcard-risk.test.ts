import { wildcardRisk } from '../../../src/rules/authority/wildcard-risk.js';
import { hash } from '../../store/sample.js';
import { testFleetRule } from '../fleet-support.js';
import { backend, leafOf } from '../fleet/renewals.js';
import { aPolicy } from '../support.js';

const leaf = (seed: string, name: string) =>
  leafOf(seed, [name], [-20, 70], { spkiSha256: hash(`key ${seed}`) });
const many = leaf('many', '*.many.example.com');
const few = leaf('few', '*.few.example.com');
const plain = leaf('plain', 'plain.example.com');
const owner = (name: string) => ({
  ...{ names: [`${name}.few.example.com`], networks: [], issuers: [] },
  ...{ owner: name, environment: null, tags: [] },
});

testFleetRule(
  wildcardRisk,
  (store) =>
    store.writeObservations([
      ...[1, 2, 3, 4, 5, 6].map((n) => backend(`h${n}.many.example.com`, n, many)),
      ...[11, 12, 13, 14, 15].map((n) =>
        backend(n === 11 ? 'a.few.example.com' : 'b.few.example.com', n, few),
      ),
      ...[21, 22, 23, 24, 25, 26].map((n) => backend('plain.example.com', n, plain)),
    ]),
  [
    {
      name: 'notices the key of a wildcard on six machines',
      subject: hash('key many'),
      expected: {
        title: '*.many.example.com is served by 6 machines',
        severity: 'notice',
        details: { addressCount: 6, hostCount: 6, endpointCount: 6, owners: [] },
      },
    },
    { name: 'passes one on five', subject: hash('key few'), expected: 'pass' },
    {
      name: 'warns when two owners have it',
      subject: hash('key few'),
      policy: aPolicy({ owners: ['a', 'b'].map(owner) }),
      expected: { severity: 'warning', details: { owners: ['a', 'b'] } },
    },
    { name: 'leaves other certificates to key-reuse', subject: hash('key plain'), expected: 'pass' },
  ],
);
