import { danglingName } from '../../../src/rules/names/dangling-name.js';
import { certificate, minutes, observation } from '../../store/sample.js';
import { named, told } from '../network-answers.js';
import { testFleetRule } from '../fleet-support.js';

testFleetRule(
  danglingName,
  async (store) => {
    const seen = (host: string, notAfter: Date) => {
      const leaf = certificate(host, { names: [host], dnsNames: [host], notAfter });
      return observation(host, { certificate: leaf, chain: [leaf] });
    };
    await store.writeObservations([
      ...['alias.example', 'bare.example', 'fine.example', 'fresh.example'].map((host) =>
        seen(host, minutes(50_000)),
      ),
      seen('expired.example', minutes(10)),
    ]);
    const lost = { outcome: 'nxdomain' as const, checkedAt: minutes(2000) };
    await told(
      store,
      named('alias.example', { ...lost, aliases: ['gone.cdn.example'] }),
      named('bare.example', { ...lost, outcome: 'empty' }),
      named('fine.example', { checkedAt: minutes(2000) }),
      named('expired.example', lost),
      named('fresh.example', { ...lost, since: minutes(1990) }),
    );
  },
  [
    {
      name: 'flags an alias of nothing',
      subject: 'alias.example',
      at: minutes(2000),
      expected: {
        severity: 'error',
        title: 'alias.example is an alias of nothing',
        details: { aliases: ['gone.cdn.example'] },
      },
    },
    {
      name: 'notes a name without an address',
      subject: 'bare.example',
      at: minutes(2000),
      expected: { severity: 'notice' },
    },
    {
      name: 'flags at 24 hours',
      subject: 'alias.example',
      at: minutes(1440),
      expected: { severity: 'error' },
    },
    { name: 'waits until then', subject: 'alias.example', at: minutes(1439), expected: 'pass' },
    { name: 'passes a name that resolves', subject: 'fine.example', at: minutes(2000), expected: 'pass' },
    {
      name: 'passes one whose certificates have expired',
      subject: 'expired.example',
      at: minutes(2000),
      expected: 'pass',
    },
    {
      name: 'passes one that was lost just now',
      subject: 'fresh.example',
      at: minutes(2000),
      expected: 'pass',
    },
  ],
);
