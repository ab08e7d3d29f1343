import { ownerMissing } from '../../../src/rules/authority/owner-missing.js';
import { testFleetRule } from '../fleet-support.js';
import { backend, leafOf, manage } from '../fleet/renewals.js';
import { aPolicy } from '../support.js';

const line = { names: ['covered.example.com'], networks: [], issuers: [] };
const policy = aPolicy({ owners: [{ ...line, owner: 'web', environment: null, tags: [] }] });
const leaf = (name: string) => leafOf(name, [name], [-20, 70]);

testFleetRule(
  ownerMissing,
  async (store) => {
    const hosts = ['covered.example.com', 'managed.example.com', 'lost.example.com'];
    await store.writeObservations(hosts.map((host, n) => backend(host, n + 1, leaf(host))));
    await manage(store, leaf('managed.example.com'));
  },
  [
    {
      name: 'notices a host that no line covers',
      subject: 'lost.example.com',
      policy,
      expected: {
        title: 'lost.example.com has no owner',
        details: { address: '192.0.2.3', endpointCount: 1 },
      },
    },
    { name: 'passes a host that a line covers', subject: 'covered.example.com', policy, expected: 'pass' },
    {
      name: 'passes a host whose certificate has an owner in the inventory',
      subject: 'managed.example.com',
      policy,
      expected: 'pass',
    },
    { name: 'says nothing while the policy names no owner', subject: 'lost.example.com', expected: 'pass' },
  ],
);
