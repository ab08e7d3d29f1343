import type { OpenStore } from '../../../src/store/index.js';
import { downgrade } from '../../../src/rules/change/downgrade.js';
import { certificate, observation } from '../../store/sample.js';
import { testFleetRule } from '../fleet-support.js';
import { later } from '../support.js';
import { keyOf } from './estate.js';

type Change = Parameters<typeof certificate>[1];
const rsa = (bits: number): Change => ({ key: { type: 'RSA', bits, curve: null } });

/** What each host served ten days ago, and since yesterday. */
const hosts: readonly (readonly [string, Change, Change])[] = [
  ['shorter.example.com', rsa(4096), rsa(2048)],
  ['longer.example.com', rsa(2048), rsa(4096)],
  ['same.example.com', rsa(2048), rsa(2048)],
  ['kind.example.com', rsa(4096), { key: { type: 'EC', bits: 256, curve: 'P-256' } }],
  ['self.example.com', {}, { subject: 'CN=default', issuer: 'CN=default' }],
  ['stays.example.com', { subject: 'CN=a', issuer: 'CN=a' }, { subject: 'CN=b', issuer: 'CN=b' }],
];

async function fill(store: OpenStore): Promise<void> {
  for (const [day, which] of [[-10, 1] as const, [-1, 2] as const])
    for (const row of hosts) {
      const leaf = certificate(`${row[0]} ${day}`, row[which]);
      await store.writeObservations([
        observation(row[0], { certificate: leaf, chain: [leaf], observedAt: later(day) }),
      ]);
    }
}

testFleetRule(downgrade, fill, [
  {
    name: 'flags a shorter key of the same kind',
    subject: keyOf('shorter.example.com'),
    expected: {
      title: 'Key of shorter.example.com changed',
      evidence: [{ label: 'Key', value: 'RSA 2048', expected: 'RSA 4096', source: 'scan', at: later(-1) }],
    },
  },
  {
    name: 'flags a self-signed one in place of an issued one',
    subject: keyOf('self.example.com'),
    expected: { title: 'Issuer of self.example.com changed' },
  },
  { name: 'is shown for three days', subject: keyOf('shorter.example.com'), at: later(2), expected: {} },
  { name: 'and no longer', subject: keyOf('shorter.example.com'), at: later(2.1), expected: 'pass' },
  { name: 'passes a longer key', subject: keyOf('longer.example.com'), expected: 'pass' },
  { name: 'passes a key as long', subject: keyOf('same.example.com'), expected: 'pass' },
  { name: 'compares no lengths of different kinds', subject: keyOf('kind.example.com'), expected: 'pass' },
  { name: 'passes what was self-signed before', subject: keyOf('stays.example.com'), expected: 'pass' },
]);
