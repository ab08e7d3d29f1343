import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { createWriteStream, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { after, before, describe, it } from 'node:test';
import { exportEvidence } from '../../../src/reports/evidence/export.js';
import { frameworks } from '../../../src/reports/evidence/frameworks.js';
import { signingKey } from '../../../src/reports/evidence/signing-key.js';
import { fingerprint, verifyEvidence } from '../../../src/reports/evidence/verify.js';
import { reports } from '../../../src/reports/index.js';
import type { OpenStore } from '../../../src/store/index.js';

import { from, inputOf, openWorld, to } from '../world.js';
import { certificate, finding, observation, position, temporaryFolder } from '../../store/sample.js';

const facts = { version: '1.2.3', now: new Date('2026-12-01T00:00:00Z'), configurationSha256: 'ab' };
const noZip =
  spawnSync('unzip', ['-v']).error === undefined && spawnSync('zip', ['-v']).error === undefined
    ? false
    : 'needs zip and unzip';

describe('evidence', () => {
  const folder = temporaryFolder();
  let store: OpenStore;
  let key: KeyObject;
  before(async () => {
    store = await openWorld();
    key = await signingKey(folder);
  });
  after(() => store.close());

  async function exported(name: string, framework = 'pci-dss-4.0.1', now = facts.now): Promise<string> {
    const input = {
      ...inputOf(store),
      framework: frameworks().find(({ id }) => id === framework)!,
      reports,
      configuration: { scan: { groups: [] } },
      policy: { ownedDomains: ['example.com'] },
      rules: [{ rule: 'expired' }],
      records: [
        { kind: 'review', id: 'r1', changedAt: to, body: { id: 'r1', closedAt: from } },
        { kind: 'review', id: 'r2', changedAt: to, body: { id: 'r2', closedAt: null } },
        { kind: 'incident', id: 'i1', changedAt: to, body: { id: 'i1', closedAt: to } },
      ] as const,
    };
    const path = join(folder, name);
    await pipeline(exportEvidence(input, { ...facts, now }, key), createWriteStream(path));
    return path;
  }

  it('verifies as it was made, and names the key', async () => {
    const { faults, manifest, keySha256 } = await verifyEvidence(await exported('first.zip'), null);
    assert.deepEqual(faults, []);
    assert.equal(manifest?.framework, 'pci-dss-4.0.1');
    assert.equal(keySha256, fingerprint(createPublicKey(key)));
    assert.ok(manifest.files.length > 30);
  });

  it('gives the same data files each time, whatever happened after the period', async () => {
    const one = await verifyEvidence(await exported('one.zip'), null);
    const later = new Date(to.getTime() + 3_600_000);
    const leaf = certificate('later');
    await store.writeObservations([
      observation('later.example.com', { observedAt: later, certificate: leaf, chain: [leaf] }),
    ]);
    await store.writeCtPosition(position({ treeSize: 99_999, updatedAt: later }));
    await store.writeFindings([finding('later', { openedAt: later, lastSeenAt: later })]);
    await store.writeAudit([
      { at: later, actor: 'ada', action: 'scan.start', subject: 'later', details: {} },
    ]);
    const two = await verifyEvidence(await exported('two.zip', 'pci-dss-4.0.1', later), null);
    const data = (of: typeof one) => of.manifest?.files.filter(({ name }) => !name.startsWith('present/'));
    assert.deepEqual(data(two), data(one));
    assert.ok(two.manifest?.files.some(({ name }) => name === 'present/ct-monitoring/logs.csv'));
  });

  it('answers every control with files that are there', async () => {
    for (const { id, controls } of frameworks()) {
      const { manifest } = await verifyEvidence(await exported(`${id}.zip`, id), null);
      const names = new Set(manifest?.files.map(({ name }) => name));
      for (const control of controls)
        for (const file of control.files) assert.ok(names.has(file), `${id} ${control.id}: ${file}`);
    }
  });

  it('keeps the signing key to itself, and uses the same one again', async () => {
    assert.equal(statSync(join(folder, 'evidence-key.pem')).mode & 0o777, 0o600);
    assert.ok((await signingKey(folder)).equals(key));
  });

  it('refuses another key than the one trusted', async () => {
    const path = await exported('trusted.zip');
    const { publicKey } = generateKeyPairSync('ed25519');
    assert.deepEqual((await verifyEvidence(path, createPublicKey(key))).faults, []);
    const { faults } = await verifyEvidence(path, publicKey);
    assert.deepEqual(faults, [
      'public-key.pem: is not the key you trust',
      'manifest.sig: does not fit the manifest',
    ]);
  });

  it('refuses what is no archive', async () => {
    const path = join(folder, 'no.zip');
    writeFileSync(path, 'no archive at all');
    await assert.rejects(verifyEvidence(path, null));
  });

  describe('when it was tampered with', { skip: noZip }, () => {
    let copies = 0;
    async function tampered(change: (place: string) => void): Promise<readonly string[]> {
      const path = await exported('original.zip');
      const place = join(folder, `copy-${(copies += 1)}`);
      mkdirSync(place);
      execFileSync('unzip', ['-q', path, '-d', place]);
      change(place);
      execFileSync('zip', ['-q', '-r', '../changed.zip', '.'], { cwd: place });
      const result = join(folder, 'changed.zip');
      try {
        return (await verifyEvidence(result, null)).faults;
      } finally {
        execFileSync('rm', [result]);
      }
    }
    const edit = (name: string, change: (text: string) => string) => (place: string) => {
      const path = join(place, name);
      assert.ok(existsSync(path), name);
      writeFileSync(path, change(readFileSync(path, 'utf8')));
    };

    it('sees nothing wrong when nothing was changed', async () => {
      assert.deepEqual(await tampered(() => undefined), []);
    });
    it('sees one changed byte', async () => {
      const faults = await tampered(
        edit('data/inventory/certificates.csv', (text) => text.replace('e', 'E')),
      );
      assert.deepEqual(faults, ['data/inventory/certificates.csv: was changed']);
    });
    it('sees a row taken out of the audit trail', async () => {
      const faults = await tampered(edit('data/audit.jsonl', (text) => text.split('\n').slice(1).join('\n')));
      assert.deepEqual(faults, ['data/audit.jsonl: was changed']);
    });
    it('sees a file taken out, and one put in', async () => {
      const faults = await tampered((place) => {
        execFileSync('rm', [join(place, 'policy.json')]);
        writeFileSync(join(place, 'extra.txt'), 'extra');
      });
      assert.deepEqual(faults, ['policy.json: is missing', 'extra.txt: is not in the manifest']);
    });
    it('sees a manifest that was made to fit', async () => {
      const faults = await tampered(edit('manifest.json', (text) => text.replace('1.2.3', '1.2.4')));
      assert.deepEqual(faults, ['manifest.sig: does not fit the manifest']);
    });
    it('sees a manifest that is missing', async () => {
      const faults = await tampered((place) => execFileSync('rm', [join(place, 'manifest.sig')]));
      assert.deepEqual(faults, ['manifest.json, manifest.sig or public-key.pem is missing']);
    });
    it('is verified by openssl alone, as its README says', async () => {
      const path = await exported('openssl.zip');
      const place = join(folder, 'openssl');
      mkdirSync(place);
      execFileSync('unzip', ['-q', path, '-d', place]);
      const signature = Buffer.from(readFileSync(join(place, 'manifest.sig'), 'utf8'), 'base64');
      writeFileSync(join(place, 'signature'), signature);
      const said = execFileSync(
        'openssl',
        [
          'pkeyutl',
          '-verify',
          '-pubin',
          '-inkey',
          'public-key.pem',
          '-rawin',
          '-in',
          'manifest.json',
          '-sigfile',
          'signature',
        ],
        { cwd: place, encoding: 'utf8' },
      );
      assert.match(said, /Verified Successfully/);
    });
  });
});
