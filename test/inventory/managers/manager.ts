import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { InventoryItem } from '../../../src/model/inventory-item.js';
import { readCertificate } from '../../../src/x509/read/read-certificate.js';
import type { HeardRequest } from '../../support/http-service.js';
import { issueCa, issueFor } from '../../support/pki.js';
import { testFaults, trial, type Script } from '../rest/trial.js';

/** One certificate that a scripted manager has. */
export interface Held {
  readonly id: number;
  readonly host: string;
  readonly pem: string;
  readonly der: Buffer;
  readonly sha256: string;
  readonly sha1: string;
  /** Upper-case hex. */
  readonly serial: string;
}

/** A certificate manager built from its vendor's documentation. */
export interface Manager {
  readonly type: string;
  readonly configure: (url: string) => object;
  readonly secrets: readonly string[];
  /** Answers with at most `size` certificates a page, whatever it is asked for. */
  readonly script: (held: readonly Held[], size: number) => Script;
  readonly referenceOf: (held: Held) => string;
  readonly isLaterPage: (request: HeardRequest) => boolean;
  /** Which identity the source gives. */
  readonly identity: 'sha256' | 'sha1';
  /** What of the first item is to be as given. */
  readonly first: Partial<InventoryItem>;
  /** Requests for the three certificates of the first test, and for one page each. */
  readonly unauthorized: (request: HeardRequest) => boolean;
}

const ca = issueCa();
/** Certificates to hold; the first is for host-0.example.com. */
export function heldCertificates(count: number): readonly Held[] {
  return Array.from({ length: count }, (_, id) => {
    const { pem, der, sha256 } = issueFor(`host-${id}.example.com`, { issuer: ca });
    const { sha1, serialNumber } = readCertificate(der);
    return { id, host: `host-${id}.example.com`, pem, der, sha256, sha1, serial: serialNumber.toUpperCase() };
  });
}

/** The tests that every certificate manager has to pass. */
export function testManager(manager: Manager): void {
  const { type, configure, script, referenceOf, identity, first, unauthorized } = manager;
  describe(type, () => {
    it('lists every certificate once, whatever the size of its pages', async () => {
      const held = heldCertificates(7);
      for (const size of [1, 3, 7, 100]) {
        const { items, errors, failure } = await trial(configure, script(held, size));
        assert.deepEqual([errors, failure], [[], null]);
        assert.deepEqual(
          items.map((item) => [item.reference, item[identity]]),
          held.map((one) => [referenceOf(one), one[identity]]),
        );
      }
    });
    it('keeps what the manager says beside the certificate', async () => {
      const [item] = (await trial(configure, script(heldCertificates(1), 10))).items;
      for (const [key, value] of Object.entries(first))
        assert.deepEqual(item?.[key as keyof InventoryItem], value, key);
    });
    it('reads no certificate that an earlier run has read', async () => {
      const held = heldCertificates(4);
      const before = await trial(configure, script(held, 10));
      const known = async () => new Map(before.items.map((item) => [item.reference, item]));
      const after = await trial(configure, script(held, 10), { known });
      assert.deepEqual(after.items, before.items);
      if (identity === 'sha256') assert.ok(after.requests.length <= before.requests.length);
    });
    it('shows its credentials at every request, and says so when they are refused', async () => {
      const { requests } = await trial(configure, script(heldCertificates(2), 10));
      assert.deepEqual(
        requests.filter(unauthorized).map(({ url }) => url.pathname),
        [],
      );
      const { failure } = await trial(configure, () => ({
        status: 401,
        text: `{"error":"${manager.secrets[0] ?? ''}"}`,
      }));
      assert.match(failure?.message ?? '', /status 401/);
      assert.ok(manager.secrets.every((secret) => !failure?.message.includes(secret)));
    });
    it('takes an empty listing for a whole one', async () => {
      const { items, errors, failure } = await trial(configure, script([], 10));
      assert.deepEqual([items, errors, failure], [[], [], null]);
    });
  });
  const many = heldCertificates(60);
  testFaults(type, {
    configure,
    script: () => script(many, 7),
    expected: many.map(referenceOf),
    secrets: manager.secrets,
    isLaterPage: manager.isLaterPage,
  });
}
