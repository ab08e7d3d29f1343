import { unused } from '../../../src/rules/authority/unused.js';
import { testFleetRule } from '../fleet-support.js';
import { backend, keyOf, leafOf, logged, manage, precertificateOf } from '../fleet/renewals.js';
import { aPolicy, later } from '../support.js';

const spkiSha256 = 'ab'.repeat(32);
const name = ['www.example.com'];
const installed = leafOf('installed', name, [-20, 70], { spkiSha256 });
const never = leafOf('never', name, [-20, 70], { spkiSha256 });
const fresh = leafOf('fresh', name, [-6.9, 80], { spkiSha256 });
const atLimit = leafOf('at the limit', name, [-7, 80], { spkiSha256 });
const managed = leafOf('managed', name, [-20, 70], { spkiSha256 });
const expired = leafOf('expired', name, [-90, -1], { spkiSha256 });
const foreign = leafOf('foreign', name, [-20, 70]);
const other = leafOf('other', ['www.example.org'], [-20, 70], { spkiSha256 });

testFleetRule(
  unused,
  async (store) => {
    await store.writeObservations([backend('www.example.com', 1, installed)]);
    await manage(store, managed);
    await store.writeCtEntries(
      logged(precertificateOf(installed), never, fresh, atLimit, managed, expired, foreign, other),
    );
  },
  [
    {
      name: 'flags a certificate of a served key that nothing serves',
      subject: keyOf(never),
      expected: {
        title: 'A certificate for www.example.com was never used',
        cause: { kind: 'name', key: 'www.example.com' },
        details: { loggedAt: later(-20) },
      },
    },
    { name: 'flags it after seven days', subject: keyOf(atLimit), expected: {} },
    { name: 'and not before', subject: keyOf(fresh), expected: 'pass' },
    {
      name: 'sooner where the policy says so',
      subject: keyOf(fresh),
      policy: aPolicy({ unusedAfterDays: 6 }),
      expected: {},
    },
    {
      name: 'passes what is served, known by its precertificate only',
      subject: keyOf(installed),
      expected: 'pass',
    },
    { name: 'passes what an inventory holds', subject: keyOf(managed), expected: 'pass' },
    { name: 'passes what has expired', subject: keyOf(expired), expected: 'pass' },
    {
      name: 'leaves a certificate whose key nobody knows to unexplained-issuance',
      subject: keyOf(foreign),
      expected: 'pass',
    },
    { name: 'leaves other domains alone', subject: keyOf(other), expected: 'pass' },
  ],
);
