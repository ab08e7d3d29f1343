import { caaForbidsIssuer } from '../../../src/rules/authority/caa-forbids-issuer.js';
import { certificate, ctEntry, hash, minutes } from '../../store/sample.js';
import { caa, property, told } from '../network-answers.js';
import { testFleetRule } from '../fleet-support.js';

testFleetRule(
  caaForbidsIssuer,
  async (store) => {
    const issued = (seed: string, names: readonly string[], issuer: string) =>
      certificate(seed, {
        names: [...names],
        dnsNames: [...names],
        issuer,
        notBefore: minutes(0),
        notAfter: minutes(100_000),
      });
    const theirs = "CN=R11,O=Let's Encrypt,C=US";
    const entries = [
      issued('forbidden', ['a.example'], theirs),
      issued('allowed', ['b.example'], theirs),
      issued('unknown', ['a.example'], 'CN=X,O=No Such CA'),
      issued('wild', ['*.c.example'], theirs),
      issued('late', ['d.example'], theirs),
    ].map((one, index) =>
      ctEntry(one.names[0] ?? '', 900 + index, { certificate: one, timestamp: minutes(1) }),
    );
    await store.writeCtEntries(entries);
    await told(
      store,
      caa('a.example', [property('issue', 'pki.goog; accounturi=x')]),
      caa('b.example', [property('issue', 'LetsEncrypt.org')]),
    );
    await told(store, caa('c.example', [property('issue', 'letsencrypt.org'), property('issuewild', ';')]));
    const late = { since: minutes(1000), checkedAt: minutes(1000) };
    await told(store, caa('d.example', [property('issue', 'pki.goog')], late));
  },
  [
    {
      name: 'flags a CA that the records of the time did not name',
      subject: hash('sha256 forbidden'),
      expected: {
        severity: 'error',
        host: 'a.example',
        details: { allowed: ['pki.goog'], snapshot: 'within 8 hours of issuance' },
      },
    },
    { name: 'passes one that they name', subject: hash('sha256 allowed'), expected: 'pass' },
    { name: 'passes an issuer whose CA is not known', subject: hash('sha256 unknown'), expected: 'pass' },
    {
      name: 'flags a wildcard that only issuewild forbids',
      subject: hash('sha256 wild'),
      expected: { severity: 'error', details: { allowed: [] } },
    },
    {
      name: 'only notes it where no answer of the time is known, and says so',
      subject: hash('sha256 late'),
      expected: {
        severity: 'notice',
        details: { snapshot: 'none within 8 hours of issuance; compared with the nearest answer' },
      },
    },
  ],
);
