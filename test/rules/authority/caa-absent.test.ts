import { caaAbsent } from '../../../src/rules/authority/caa-absent.js';
import { caa, property, told } from '../network-answers.js';
import { testFleetRule } from '../fleet-support.js';
import { aPolicy } from '../support.js';

testFleetRule(
  caaAbsent,
  async (store) => {
    await told(
      store,
      caa('example.com', []),
      caa('signed.example', [property('issue', 'ca.example')]),
      caa('foreign.example', []),
    );
  },
  [
    {
      name: 'notes an owned domain without records',
      subject: 'example.com',
      policy: aPolicy({ ownedDomains: ['example.com', 'signed.example'] }),
      expected: { title: 'example.com lets every CA issue' },
    },
    {
      name: 'passes one with records',
      subject: 'signed.example',
      policy: aPolicy({ ownedDomains: ['example.com', 'signed.example'] }),
      expected: 'pass',
    },
    {
      name: 'passes a domain of others',
      subject: 'foreign.example',
      policy: aPolicy({ ownedDomains: ['example.com', 'signed.example'] }),
      expected: 'pass',
    },
  ],
);
