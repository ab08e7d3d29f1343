import assert from 'node:assert/strict';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { after, before, describe, it } from 'node:test';
import { gzipSync } from 'node:zlib';
import { revocationConfig } from '../../../scanners/revocation/config.js';
import { createFetcher } from '../../../scanners/revocation/fetcher.js';
import { issuingDistributionPoint } from '../../support/crl.js';
import { generalName, sharedKey } from '../../support/chain.js';
import * as der from '../../support/der-writer.js';
import { ocspResponse, revoked } from '../../support/ocsp.js';
import { extension, issueCa, issueFor, type Issued } from '../../support/pki.js';
import {
  served,
  startScriptedServer,
  type Handler,
  type ScriptedServer,
} from '../../support/scripted-server.js';
import { temporaryFolder } from '../../store/sample.js';
import { authorityInfo, crlOf, crlPoints, listed, serialOf, Watch } from './harness.js';

const ca = issueCa('Hostile Test CA');
const other = issueCa('Hostile Test CA', { key: sharedKey(8) });
const day = 86_400_000;
const bomb = gzipSync(Buffer.alloc(200_000_000));

const answer =
  (body: Uint8Array, status = 200, headers: Record<string, string> = {}): Handler =>
  (_request, response) =>
    void response.writeHead(status, headers).end(body);

function endless(_request: IncomingMessage, response: ServerResponse): void {
  response.writeHead(200);
  const chunk = Buffer.alloc(65_536, 0x30);
  const more = (): void => {
    while (!response.destroyed && response.write(chunk));
  };
  response.on('drain', more);
  more();
}

function dripping(_request: IncomingMessage, response: ServerResponse): void {
  response.writeHead(200, { 'content-length': 1000 });
  const timer = setInterval(() => response.write('0'), 50);
  response.on('close', () => clearInterval(timer));
}

const noBody = Buffer.alloc(0);
const scope = (...fields: Buffer[]): Buffer => issuingDistributionPoint(...fields);

/** What a list server may answer, and what is then known of the certificate, which a proper list calls good. */
const lists: readonly (readonly [what: string, handler: Handler, outcome: string, detail: RegExp])[] = [
  ['an endless body', endless, 'unknown', /longer than 1000000 bytes/],
  [
    'an announced body of 9 GB',
    answer(noBody, 200, { 'content-length': '9000000000' }),
    'unknown',
    /longer than/,
  ],
  ['a body that drips', dripping, 'unknown', /no whole answer within/],
  ['nothing at all', () => undefined, 'unknown', /no whole answer within/],
  ['a cut connection', (_request, response) => void response.destroy(), 'unknown', /./],
  [
    'half a body',
    (_request, response) => {
      response.writeHead(200, { 'content-length': 5000 });
      response.write(crlOf(ca), () => response.destroy());
    },
    'unknown',
    /./,
  ],
  ['a gzip bomb', answer(bomb, 200, { 'content-encoding': 'gzip' }), 'unknown', /compressed/],
  ['an unknown encoding', answer(crlOf(ca), 200, { 'content-encoding': 'br' }), 'unknown', /compressed/],
  ['an empty body', answer(noBody), 'unknown', /no list/],
  ['a web page', answer(Buffer.from('<html>Not here</html>')), 'unknown', /no list/],
  ['status 404', answer(noBody, 404), 'unknown', /HTTP status 404/],
  ['status 500', answer(noBody, 500), 'unknown', /HTTP status 500/],
  ['status 304 at first', answer(noBody, 304), 'unknown', /304/],
  [
    'a redirect to itself',
    (request, response) => void response.writeHead(302, { location: request.url ?? '' }).end(),
    'unknown',
    /redirects/,
  ],
  [
    'a redirect to the metadata service',
    answer(noBody, 302, { location: 'http://169.254.169.254/' }),
    'unknown',
    /169\.254\.169\.254|redirect/,
  ],
  [
    'a redirect to a file',
    answer(noBody, 302, { location: 'file:///etc/passwd' }),
    'unknown',
    /http|redirect/,
  ],
  [
    'a redirect to another port',
    answer(noBody, 302, { location: 'http://127.0.0.1:1/' }),
    'unknown',
    /port 1/,
  ],
  ['a certificate', answer(ca.der), 'unknown', /no list/],
  ['deeply nested DER', answer(Buffer.alloc(100_000, Buffer.from([0x30, 0x80]))), 'unknown', /no list/],
  ['a list cut short', answer(crlOf(ca).subarray(0, -20)), 'unknown', /no list/],
  ['a list with trailing bytes', answer(Buffer.concat([crlOf(ca), Buffer.alloc(9)])), 'unknown', /no list/],
  [
    'a list of another key with the same name',
    answer(crlOf({ ...other, subjectName: ca.subjectName })),
    'unknown',
    /not signed by the issuer/,
  ],
  ['a list of another CA', answer(crlOf(issueCa('Somebody Else'))), 'unknown', /not signed by the issuer/],
  [
    'a list with a changed bit',
    answer(crlOf(ca, [], { mangle: (crl) => flipped(crl) })),
    'unknown',
    /not signed|no list/,
  ],
  [
    'a list out of date',
    answer(crlOf(ca, [], { nextUpdate: new Date(Date.now() - day / 2) })),
    'stale',
    /out of date/,
  ],
  [
    'a list from the future',
    answer(crlOf(ca, [], { thisUpdate: new Date(Date.now() + day) })),
    'unknown',
    /future/,
  ],
  ['a list without an end', answer(crlOf(ca, [], { nextUpdate: null })), 'unknown', /next one/],
  [
    'a list of changes',
    answer(crlOf(ca, [], { extensions: { delta: extension('2.5.29.27', true, der.integer(1)) } })),
    'unknown',
    /delta/,
  ],
  [
    'a list for CAs only',
    answer(crlOf(ca, [], { extensions: { scope: scope(der.context(2, false, Buffer.from([0xff]))) } })),
    'not-covered',
    /scope/,
  ],
  [
    'a list for attribute certificates',
    answer(crlOf(ca, [], { extensions: { scope: scope(der.context(5, false, Buffer.from([0xff]))) } })),
    'not-covered',
    /scope/,
  ],
  [
    'a list of another point',
    answer(
      crlOf(ca, [], {
        extensions: {
          scope: scope(
            der.context(0, true, der.context(0, true, generalName.uri('http://other.example/2.crl'))),
          ),
        },
      }),
    ),
    'not-covered',
    /scope/,
  ],
  [
    'a list with an unknown critical extension',
    answer(crlOf(ca, [], { extensions: { odd: extension('1.2.3', true, der.nullValue()) } })),
    'unknown',
    /unknown critical/,
  ],
  [
    'a list whose entry has an unknown critical extension',
    answer(crlOf(ca, [], { revoked: [[der.integer(5n), extension('1.2.3', true, der.nullValue())]] })),
    'unknown',
    /malformed/,
  ],
  [
    'a proper list that calls it revoked, as PEM',
    answer(
      Buffer.from(
        `-----BEGIN X509 CRL-----\n${crlOf(ca, [serialOf]).toString('base64')}\n-----END X509 CRL-----\n`,
      ),
    ),
    'revoked',
    /./,
  ],
];

/** What a responder may answer. */
const responses: readonly (readonly [what: string, handler: Handler, outcome: string])[] = [
  ['an endless body', endless, 'unknown'],
  ['a web page', answer(Buffer.from('<html>')), 'unknown'],
  ['tryLater', answer(Buffer.from('30030a0103', 'hex')), 'unknown'],
  ['a response about another certificate', answer(ocspResponse(ca, 0x9999n)), 'unknown'],
  [
    'a response of somebody else',
    answer(ocspResponse(ca, serialOf, { signer: { ...other, subjectName: ca.subjectName } })),
    'unknown',
  ],
  [
    'an old response',
    answer(
      ocspResponse(ca, serialOf, {
        thisUpdate: new Date(Date.now() - 9 * day),
        nextUpdate: new Date(Date.now() - day),
      }),
    ),
    'unknown',
  ],
  [
    'a revocation by somebody else',
    answer(
      ocspResponse(ca, serialOf, { status: revoked(1), signer: { ...other, subjectName: ca.subjectName } }),
    ),
    'unknown',
  ],
];

function flipped(bytes: Buffer): Buffer {
  const copy = Buffer.from(bytes);
  copy[copy.length - 3]! ^= 1;
  return copy;
}

describe('a hostile server of lists', () => {
  let server: ScriptedServer;
  before(async () => {
    server = await startScriptedServer();
  });
  after(() => server.close());
  const limits = { requestSeconds: 1, maxCrlMegabytes: 1 };

  async function outcomeOf(leaf: Issued, handler: Handler, folder: string | null = null): Promise<Watch> {
    server.handlers.set('*', handler);
    const watch = new Watch(server.port, folder, limits).serve(leaf, ca);
    const memory = process.memoryUsage().rss;
    const start = performance.now();
    await watch.run();
    assert.ok(performance.now() - start < 15_000, 'took too long');
    assert.ok(process.memoryUsage().rss - memory < 60_000_000, 'took too much memory');
    return watch;
  }

  for (const [what, handler, outcome, detail] of lists)
    it(`that sends ${what}: ${outcome}`, async () => {
      const leaf = listed(`${server.url}/1.crl`, ca, { serialNumber: serialOf });
      const watch = await outcomeOf(leaf, handler);
      const status = watch.statuses.get(leaf.sha256);
      assert.equal(status?.outcome, outcome, String(status?.detail));
      if (outcome !== 'revoked') assert.match(String(status.detail), detail);
    });

  for (const [what, handler, outcome] of responses)
    it(`whose responder sends ${what}: ${outcome}`, async () => {
      const leaf = issueFor('www.example.com', {
        issuer: ca,
        serialNumber: serialOf,
        extensions: [authorityInfo([server.url])],
      });
      const watch = await outcomeOf(leaf, handler);
      assert.equal(watch.outcome(leaf), outcome);
      assert.notEqual(watch.statuses.get(leaf.sha256)?.detail, null);
    });

  it('that sends an older list than before is not believed: it could be a replay that hides a revocation', async () => {
    const leaf = listed(`${server.url}/1.crl`, ca, { serialNumber: serialOf });
    const newer = crlOf(ca, [serialOf], { thisUpdate: new Date(Date.now() - 1000) });
    const watch = await outcomeOf(leaf, served(newer), temporaryFolder());
    assert.equal(watch.outcome(leaf), 'revoked');
    server.handlers.set('*', served(crlOf(ca)));
    watch.nowMs += 1.5 * day;
    await watch.run();
    assert.equal(watch.outcome(leaf), 'revoked');
  });

  it('that claims to hold the issuer is not believed: another certificate of that name did not sign', async () => {
    const leaf = issueFor('www.example.com', {
      issuer: ca,
      serialNumber: serialOf,
      extensions: [crlPoints(`${server.url}/1.crl`), authorityInfo([], [`${server.url}/ca.der`])],
    });
    const impostor = { ...other, subjectName: ca.subjectName };
    server.handlers.set('/ca.der', served(issueCa('Hostile Test CA', { key: other.key }).der));
    server.handlers.set('*', served(crlOf(impostor, [serialOf])));
    const watch = new Watch(server.port, null, limits).serve(leaf);
    await watch.run();
    server.handlers.delete('/ca.der');
    assert.equal(watch.outcome(leaf), 'unknown');
  });
});

describe('addresses in certificates', () => {
  for (const [url, reason] of [
    ['http://169.254.169.254/latest', /not a public address/],
    ['http://[fd00:ec2::254]/', /not a public address/],
    ['http://127.0.0.1/x.crl', /not a public address/],
    ['http://2130706433/x.crl', /not a public address/],
    ['http://0x7f.1/x.crl', /not a public address/],
    ['http://[::ffff:127.0.0.1]/x.crl', /not a public address/],
    ['http://localhost/x.crl', /not a public address/],
    ['http://127.0.0.1:22/', /not a public address|port 22/],
    ['ldap://127.0.0.1/x', /not an http/],
    ['file:///etc/passwd', /not an http/],
    ['gopher://127.0.0.1/', /not an http/],
    ['no address', /not an http/],
  ] as const)
    it(`are not contacted: ${url}`, async () => {
      const fetcher = createFetcher(revocationConfig.parse({}));
      const fetched = await fetcher.fetch({ url, maxBytes: 1000, signal: new AbortController().signal });
      await fetcher.close();
      assert.ok(!fetched.ok && fetched.isRefused, JSON.stringify(fetched));
      assert.match(fetched.reason, reason);
    });
});
