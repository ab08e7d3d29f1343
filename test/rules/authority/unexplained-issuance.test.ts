import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Certificate } from '../../../src/model/certificate.js';
import type { RevocationStatus } from '../../../src/model/network.js';
import { findingId } from '../../../src/model/finding.js';
import { unexplainedIssuance } from '../../../src/rules/authority/unexplained-issuance.js';
import { openStore, type OpenStore } from '../../../src/store/index.js';
import {
  certificate,
  ctEntry,
  embeddedConfig,
  hash,
  inventoryItem,
  log,
  observation,
  temporaryFolder,
} from '../../store/sample.js';
import { opened } from '../../judging/samples.js';
import { testFleetRule } from '../fleet-support.js';
import { aPolicy, later, now } from '../support.js';

const hourMs = 3_600_000;

/** A certificate for a name, valid now. */
const leafOf = (name: string, change: Partial<Certificate> = {}): Certificate =>
  certificate(name, { notBefore: later(-10), notAfter: later(80), ...change });

const revocation = (key: string): RevocationStatus => ({
  question: 'revocation',
  key,
  since: later(-1),
  checkedAt: later(-1),
  detail: null,
  outcome: 'revoked',
  reason: 'keyCompromise',
  revokedAt: later(-1),
  method: 'crl',
  source: 'http://crl.example/ca.crl',
  thisUpdate: later(-1),
  nextUpdate: later(6),
});

let index = 0;
function logged(leaf: Certificate, hoursAgo = 30, timestamp = later(0, -hoursAgo * hourMs)) {
  index += 1;
  return ctEntry('x', index, { certificate: leaf, timestamp, seenAt: timestamp });
}

const served = leafOf('served.example.com');
const attack = leafOf('attack.example.com', { issuer: 'CN=Unknown CA', issuerSha256: hash('unknown') });
const sameKey = leafOf('renewed.example.com', { spkiSha256: served.spkiSha256 });
const managed = leafOf('managed.example.com');
const fresh = leafOf('fresh.example.com');
const others = leafOf('www.example.org');
const expired = leafOf('expired.example.com', { notAfter: later(-1) });
const revoked = leafOf('revoked.example.com');
const former = leafOf('former.example.com');
const wildcard = leafOf('*.example.com');
const pre = leafOf('issuance.example.com', { isPrecertificate: true, sha256: hash('the precertificate') });

async function fill(store: OpenStore): Promise<void> {
  const seen = observation('served.example.com', {
    certificate: served,
    chain: [served],
    observedAt: later(-1),
  });
  await store.writeObservations([seen]);
  const run = { source: 'files', startedAt: later(-1), finishedAt: later(-1), complete: true };
  await store.writeInventory(
    run,
    [
      inventoryItem('files', 'managed', {
        sha256: managed.sha256,
        spkiSha256: null,
        tbsSha256: null,
        serialNumber: null,
      }),
    ],
    () => ({ ...run, items: 1, errors: [], notes: [] }),
  );
  const earlier = { ...run, startedAt: later(-20), finishedAt: later(-20) };
  await store.writeInventory(
    earlier,
    [inventoryItem('files', 'former', { sha256: former.sha256, spkiSha256: former.spkiSha256 })],
    () => ({ ...earlier, items: 1, errors: [], notes: [] }),
  );
  await store.writeAnswers([revocation(revoked.sha256)]);
  await store.writeCtEntries([
    logged(revoked),
    logged(former),
    ...[served, attack, attack, sameKey, managed, others, expired, wildcard, pre].map((leaf) => logged(leaf)),
    logged(leafOf('issuance.example.com'), 30),
    logged(fresh, 23),
  ]);
}

testFleetRule(unexplainedIssuance, fill, [
  {
    name: 'flags a certificate that nothing explains, as an error when its issuer is new here',
    subject: String(attack.tbsSha256),
    expected: {
      severity: 'error',
      host: 'attack.example.com',
      details: { issuer: 'CN=Unknown CA', logEntries: 2, isIssuerKnown: false },
    },
  },
  {
    name: 'flags a wildcard of a known issuer as a warning',
    subject: String(wildcard.tbsSha256),
    expected: { severity: 'warning' },
  },
  {
    name: 'takes precertificate and certificate for one issuance',
    subject: String(pre.tbsSha256),
    expected: { severity: 'warning', certificateSha256: leafOf('issuance.example.com').sha256 },
  },
  { name: 'passes what an endpoint serves', subject: String(served.tbsSha256), expected: 'pass' },
  {
    name: 'passes another certificate of a served key',
    subject: String(sameKey.tbsSha256),
    expected: 'pass',
  },
  { name: 'passes what an inventory holds', subject: String(managed.tbsSha256), expected: 'pass' },
  { name: 'passes what an inventory held before', subject: String(former.tbsSha256), expected: 'pass' },
  { name: 'passes what was revoked', subject: String(revoked.tbsSha256), expected: 'pass' },
  { name: 'waits for the grace time', subject: String(fresh.tbsSha256), expected: 'pass' },
  {
    name: 'flags it once the grace time is over',
    subject: String(fresh.tbsSha256),
    expected: { severity: 'warning' },
    at: later(0, hourMs),
  },
  { name: 'leaves other domains alone', subject: String(others.tbsSha256), expected: 'pass' },
  { name: 'leaves expired certificates alone', subject: String(expired.tbsSha256), expected: 'pass' },
]);

describe('an issuance that was unexplained', () => {
  let store: OpenStore;
  before(async () => {
    store = await openStore(embeddedConfig(temporaryFolder()), log);
    await fill(store);
  });
  after(() => store.close());

  const findingOf = ({ tbsSha256 }: Certificate) => {
    const subject = { kind: 'issuance', key: String(tbsSha256) };
    return opened({ subject, id: findingId('unexplained-issuance', subject) });
  };
  for (const [how, leaf, resolution, why] of [
    ['served', served, 'explained', 'served by served.example.com:443'],
    ['of a served key', sameKey, 'explained', 'its key is served by served.example.com:443'],
    ['managed', managed, 'explained', 'inventory files: managed.pem'],
    ['revoked', revoked, 'fixed', 'by the CA'],
    ['expired', expired, 'expired', null],
    ['of a domain no longer owned', others, 'out-of-scope', null],
    ['of which nothing is stored', leafOf('unknown.example.com'), 'out-of-scope', null],
  ] as const) {
    it(`ends because it is ${how}`, async () => {
      const finding = findingOf(leaf);
      const [end] = await unexplainedIssuance.ends([finding], { ask: store.ask, policy: aPolicy(), now });
      assert.equal(end?.findingId, finding.id);
      assert.equal(end.resolution, resolution);
      assert.equal(end.evidence?.[0]?.value ?? null, why);
    });
  }
});
