import { caaUnsignedZone } from '../../../src/rules/authority/caa-unsigned-zone.js';
import { caa, property, told } from '../network-answers.js';
import { testFleetRule } from '../fleet-support.js';
import { aPolicy } from '../support.js';

testFleetRule(
  caaUnsignedZone,
  async (store) => {
    const records = [property('issue', 'ca.example')];
    await told(store, caa('example.com', records, { authenticated: false }), caa('signed.example', records));
    await told(store, caa('unsure.example', records, { authenticated: null }));
  },
  [
    {
      name: 'notes records that DNSSEC does not prove',
      subject: 'example.com',
      policy: aPolicy({ ownedDomains: ['example.com', 'signed.example'] }),
      expected: { host: 'example.com' },
    },
    {
      name: 'passes signed ones',
      subject: 'signed.example',
      policy: aPolicy({ ownedDomains: ['example.com', 'signed.example'] }),
      expected: 'pass',
    },
    {
      name: 'passes where the resolver does not validate',
      subject: 'unsure.example',
      policy: aPolicy({ ownedDomains: ['unsure.example'] }),
      expected: 'pass',
    },
  ],
);
