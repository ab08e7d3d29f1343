import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
import { reasonCode } from '../../support/crl.js';
import * as der from '../../support/der-writer.js';
import { ocspResponse, revoked } from '../../support/ocsp.js';
import { issueCa, issueFor, type Issued } from '../../support/pki.js';
import { served, startScriptedServer, type ScriptedServer } from '../../support/scripted-server.js';
import { temporaryFolder } from '../../store/sample.js';
import { authorityInfo, crlOf, crlPoints, listed, serialOf, Watch } from './harness.js';

const ca = issueCa('Revocation Test CA');
const day = 86_400_000;

describe('the revocation scanner', () => {
  let server: ScriptedServer;
  let url = '';
  beforeEach(async () => {
    server = await startScriptedServer();
    url = `${server.url}/1.crl`;
  });
  afterEach(() => server.close());

  it('says that a certificate is good, and later that it is revoked, why and since when', async () => {
    const leaf = listed(url, ca, { serialNumber: serialOf });
    const watch = new Watch(server.port, temporaryFolder()).serve(leaf, ca);
    server.handlers.set('/1.crl', served(crlOf(ca)));
    await watch.run();
    const good = watch.statuses.get(leaf.sha256);
    assert.deepEqual([good?.outcome, good?.method, good?.source, good?.detail], ['good', 'crl', url, null]);
    const entry = [der.integer(serialOf), reasonCode(1)] as const;
    server.handlers.set('/1.crl', served(crlOf(ca, [], { revoked: [entry] })));
    watch.nowMs += 2 * day;
    await watch.run();
    const bad = watch.statuses.get(leaf.sha256);
    assert.deepEqual(
      [bad?.outcome, bad?.reason, bad?.revokedAt?.toISOString()],
      ['revoked', 'keyCompromise', '2026-05-20T00:00:00.000Z'],
    );
    assert.ok(good && bad && bad.since > good.since);
  });

  it('asks once for a list, however many certificates name it, and not again before it is due', async () => {
    const leaves = Array.from({ length: 40 }, (_, index) =>
      listed(url, ca, { serialNumber: BigInt(index + 1) }),
    );
    const folder = temporaryFolder();
    const watch = new Watch(server.port, folder);
    for (const leaf of leaves) watch.serve(leaf, ca);
    server.handlers.set('/1.crl', served(crlOf(ca, [5n])));
    await watch.run(3);
    assert.equal(server.asked.length, 1);
    assert.equal(leaves.filter((leaf) => watch.outcome(leaf) === 'revoked').length, 1);
    // Another start reads the list from the disk.
    await watch.run();
    assert.equal(server.asked.length, 1);
    watch.nowMs += 1.5 * day;
    await watch.run(2);
    assert.equal(server.asked.length, 2);
    assert.ok(server.asked[1]?.headers['if-none-match']);
    const states = [...watch.lists.values()];
    assert.deepEqual(
      states.map(({ outcome, issuer }) => [outcome, issuer]),
      [['ok', 'CN=Revocation Test CA']],
    );
  });

  it('looks up a certificate that comes later without asking for the list again', async () => {
    const watch = new Watch(server.port, temporaryFolder()).serve(listed(url, ca, { serialNumber: 1n }), ca);
    server.handlers.set('/1.crl', served(crlOf(ca, [2n])));
    await watch.run();
    const late = listed(url, ca, { serialNumber: 2n });
    watch.serve(late, ca);
    await watch.run();
    assert.equal(watch.outcome(late), 'revoked');
    assert.equal(server.asked.length, 1);
  });

  it('keeps what a list said while it cannot be had, calls it stale after its end, and reports both', async () => {
    const leaf = listed(url, ca, { serialNumber: serialOf });
    const gone = listed(url, ca, { serialNumber: 7n });
    const watch = new Watch(server.port, temporaryFolder()).serve(leaf, ca).serve(gone, ca);
    server.handlers.set('/1.crl', served(crlOf(ca, [7n])));
    await watch.run();
    server.handlers.set('/1.crl', (_request, response) => response.writeHead(503).end());
    watch.nowMs += 2 * day;
    await watch.run();
    assert.deepEqual([watch.outcome(leaf), watch.outcome(gone)], ['good', 'revoked']);
    assert.deepEqual(watch.open(), ['crl-unreachable']);
    watch.nowMs += 6 * day;
    await watch.run();
    assert.deepEqual([watch.outcome(leaf), watch.outcome(gone)], ['stale', 'revoked']);
    assert.deepEqual([...watch.open()].sort(), ['crl-expired', 'crl-unreachable']);
    assert.equal(watch.lists.get(url)?.outcome, 'expired');
    server.handlers.set(
      '/1.crl',
      served(crlOf(ca, [7n], { thisUpdate: new Date(watch.nowMs), nextUpdate: new Date(watch.nowMs + day) })),
    );
    watch.nowMs += 7 * 3_600_000;
    await watch.run();
    assert.equal(watch.outcome(leaf), 'good');
    assert.deepEqual(watch.open(), []);
  });

  it('fetches an issuer that was not sent, over plain HTTP, once', async () => {
    const leaf = issueFor('www.example.com', {
      issuer: ca,
      serialNumber: serialOf,
      extensions: [crlPoints(url), authorityInfo([], [`${server.url}/ca.der`])],
    });
    const watch = new Watch(server.port, temporaryFolder()).serve(leaf);
    server.handlers.set('/1.crl', served(crlOf(ca, [serialOf])));
    server.handlers.set('/ca.der', served(ca.der));
    await watch.run();
    assert.equal(watch.outcome(leaf), 'revoked');
    await watch.run(2);
    assert.deepEqual(server.asked.map(({ path }) => path).sort(), ['/1.crl', '/ca.der']);
  });

  it('watches intermediates that are sent, but no root', async () => {
    const intermediate = issueCa('Intermediate', {
      issuer: ca,
      serialNumber: 99n,
      extensions: [crlPoints(url)],
    });
    const leaf = issueFor('www.example.com', { issuer: intermediate });
    const watch = new Watch(server.port).serve(leaf, intermediate, ca);
    server.handlers.set('/1.crl', served(crlOf(ca, [99n])));
    await watch.run();
    assert.deepEqual(
      [leaf, intermediate, ca].map((one) => watch.outcome(one)),
      ['unknown', 'revoked', 'none'],
    );
    assert.match(String(watch.statuses.get(leaf.sha256)?.detail), /names no revocation list/);
  });

  it('forgets what is no longer in use, its list too', async () => {
    const folder = temporaryFolder();
    const watch = new Watch(server.port, folder).serve(listed(url, ca), ca);
    server.handlers.set('/1.crl', served(crlOf(ca)));
    await watch.run();
    watch.inUse.length = 0;
    const before = watch.facts.length;
    await watch.run(2);
    assert.equal(watch.facts.length, before);
    assert.equal(server.asked.length, 1);
  });

  describe('with responders', () => {
    const responder = issueFor('www.example.com', { issuer: ca, serialNumber: serialOf });
    const asking = (...urls: readonly string[]): Issued =>
      issueFor('www.example.com', { issuer: ca, serialNumber: serialOf, extensions: [authorityInfo(urls)] });
    before(() => assert.ok(responder));
    after(() => undefined);

    it('asks one where there is no list, by GET, and not again before half its time', async () => {
      const leaf = asking(server.url);
      server.handlers.set('*', served(ocspResponse(ca, serialOf, { status: revoked(1) })));
      const watch = new Watch(server.port).serve(leaf, ca);
      await watch.run(3);
      const status = watch.statuses.get(leaf.sha256);
      assert.deepEqual(
        [status?.outcome, status?.reason, status?.method],
        ['revoked', 'keyCompromise', 'ocsp'],
      );
      assert.deepEqual(
        server.asked.map(({ method }) => method),
        ['GET'],
      );
    });

    it('posts where GET is refused', async () => {
      const leaf = asking(`${server.url}/ocsp`);
      server.handlers.set('*', (request, response) => {
        if (request.method === 'GET') return void response.writeHead(405).end();
        served(ocspResponse(ca, serialOf))(request, response);
      });
      const watch = new Watch(server.port).serve(leaf, ca);
      await watch.run();
      assert.equal(watch.outcome(leaf), 'good');
      assert.equal(server.asked.at(-1)?.headers['content-type'], 'application/ocsp-request');
    });

    it('asks none that was shut down, or when told not to, or where a list tells', async () => {
      const ended = new Watch(server.port, null, { ocspEnded: ['127.0.0.1'] }).serve(asking(server.url), ca);
      const never = new Watch(server.port, null, { ocsp: 'never' }).serve(asking(server.url), ca);
      const both = issueFor('www.example.com', {
        issuer: ca,
        extensions: [crlPoints(url), authorityInfo([server.url])],
      });
      server.handlers.set('/1.crl', served(crlOf(ca)));
      const listedToo = new Watch(server.port).serve(both, ca);
      for (const watch of [ended, never, listedToo]) await watch.run();
      assert.deepEqual(
        server.asked.map(({ path }) => path),
        ['/1.crl'],
      );
      const always = new Watch(server.port, null, { ocsp: 'always' }).serve(both, ca);
      await always.run();
      assert.ok(server.asked.length > 2);
    });
  });
});
