import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { pino } from 'pino';
import { acmeConfig } from '../../../scanners/acme/config.js';
import { certificateId } from '../../../scanners/acme/renewal-info.js';
import { createAcmeScanner } from '../../../scanners/acme/scanner.js';
import type { RenewalWindow } from '../../../src/model/network.js';
import { readCertificate } from '../../../src/x509/read/read-certificate.js';
import { name } from '../../support/chain.js';
import * as der from '../../support/der-writer.js';
import { emptyMemory } from '../../support/memory.js';
import { extension, issueCa, issueFor, type Issued } from '../../support/pki.js';
import { startScriptedServer, type Handler, type ScriptedServer } from '../../support/scripted-server.js';

const ca = issueCa('CA', { subject: name(['2.5.4.10', 'Test ACME CA'], ['2.5.4.3', 'R1']) });
const leaf = issueFor('www.example.com', { issuer: ca, serialNumber: 0x87654321n });
const foreign = issueFor('other.example.com', { issuer: issueCa('Elsewhere') });

const json =
  (value: unknown, headers: Record<string, string> = {}, status = 200): Handler =>
  (_request, response) =>
    void response
      .writeHead(status, { 'content-type': 'application/json', ...headers })
      .end(JSON.stringify(value));

describe('the name of a certificate for its CA', () => {
  it('is that of RFC 9773 section 4.1', () => {
    const keyId = Buffer.from('69885B6B87464041E1B37B847BA0AE2CDE01C8D4', 'hex');
    const one = issueFor('a.test', {
      bare: true,
      serialNumber: 0x87654321n,
      extensions: [extension('2.5.29.35', false, der.sequence(der.context(0, false, keyId)))],
    });
    assert.equal(certificateId(readCertificate(one.der)), 'aYhba4dGQEHhs3uEe6CuLN4ByNQ.AIdlQyE');
  });

  it('does not exist without a key identifier, or for what cannot be read', () => {
    assert.equal(certificateId(readCertificate(issueFor('a.test', { bare: true }).der)), null);
    assert.equal(certificateId({ der: Buffer.from('no'), authorityKeyId: '00' }), null);
  });
});

describe('the ACME scanner', () => {
  let server: ScriptedServer;
  let nowMs = Date.now();
  const windows = new Map<string, RenewalWindow>();
  const path = `/renewal/${certificateId(readCertificate(leaf.der))}`;
  beforeEach(async () => {
    server = await startScriptedServer();
    windows.clear();
    server.handlers.set('/directory', json({ newOrder: 'x', renewalInfo: `${server.url}/renewal` }));
  });
  afterEach(() => server.close());

  async function run(
    rounds = 1,
    inUse: readonly Issued[] = [leaf, foreign],
  ): Promise<RenewalWindow | undefined> {
    const stop = new AbortController();
    let begun = 0;
    const scanner = createAcmeScanner(
      acmeConfig.parse({
        directories: [{ url: `${server.url}/directory`, issuers: ['Test ACME CA'] }],
        allow: ['127.0.0.0/8'],
        everyMinutes: 0.01,
        requestSeconds: 1,
      }),
      {
        log: pino({ level: 'silent' }),
        folder: null,
        resolvers: [],
        ownedDomains: [],
        onProgress: () => undefined,
        memory: emptyMemory({
          async *certificatesInUse() {
            begun += 1;
            if (begun > rounds) return stop.abort();
            for (const { sha256 } of inUse) yield { sha256, chain: [], isServed: true };
          },
          certificates: async (hashes) =>
            new Map(
              inUse.filter(({ sha256 }) => hashes.includes(sha256)).map((one) => [one.sha256, one.der]),
            ),
          async *answers(_question, keys) {
            for (const key of keys ?? []) if (windows.has(key)) yield windows.get(key) as never;
          },
        }),
      },
      () => new Date(nowMs),
    );
    await scanner.run(
      {
        async take(fact) {
          for (const answer of fact.kind === 'answers' ? fact.answers : [])
            if (answer.question === 'renewal-window') windows.set(answer.key, answer);
        },
      },
      stop.signal,
    );
    return windows.get(leaf.sha256);
  }

  const suggest = (start: string, end: string, more: object = {}): object => ({
    suggestedWindow: { start, end },
    ...more,
  });

  it('asks for the window of certificates of the CA, and not again before the CA says so', async () => {
    const answer = suggest('2027-01-02T00:00:00Z', '2027-01-03T00:00:00Z', {
      explanationURL: 'https://ca.example/why',
    });
    server.handlers.set(path, json(answer, { 'retry-after': '21600' }));
    const window = await run(3);
    assert.deepEqual(
      [
        window?.outcome,
        window?.start?.toISOString(),
        window?.end?.toISOString(),
        window?.explanationUrl,
        window?.movedFrom,
      ],
      ['ok', '2027-01-02T00:00:00.000Z', '2027-01-03T00:00:00.000Z', 'https://ca.example/why', null],
    );
    assert.equal(window?.retryAt.getTime(), nowMs + 21_600_000);
    assert.deepEqual(
      server.asked.map((one) => one.path),
      ['/directory', path],
    );
    assert.equal(windows.size, 1);
  });

  it('notes from where a window moved, and since when', async () => {
    server.handlers.set(path, json(suggest('2027-01-02T00:00:00Z', '2027-01-03T00:00:00Z')));
    const first = await run();
    nowMs += 7 * 3_600_000;
    server.handlers.set(path, json(suggest('2020-01-02T00:00:00Z', '2020-01-03T00:00:00Z')));
    const moved = await run();
    assert.deepEqual(
      [moved?.start?.toISOString(), moved?.movedFrom?.toISOString()],
      ['2020-01-02T00:00:00.000Z', '2027-01-02T00:00:00.000Z'],
    );
    assert.ok(first && moved && moved.since > first.since);
    nowMs += 7 * 3_600_000;
    const same = await run();
    assert.deepEqual([same?.since, same?.movedFrom], [moved.since, moved.movedFrom]);
  });

  for (const [what, handler, detail] of [
    ['an error', json({}, { 'retry-after': '60' }, 503), /HTTP status 503/],
    ['no JSON', (_request, response) => void response.end('<html>'), /not JSON/],
    ['no window', json({}), /no window/],
    [
      'a window that ends before it starts',
      json(suggest('2027-01-03T00:00:00Z', '2027-01-02T00:00:00Z')),
      /no window/,
    ],
    ['a window of no time', json(suggest('soon', 'later')), /no window/],
    ['nothing', () => undefined, /no whole answer/],
    ['far too much', (_request, response) => void response.end(Buffer.alloc(200_000)), /longer than/],
  ] as const satisfies readonly (readonly [string, Handler, RegExp])[])
    it(`keeps the window known before when the CA sends ${what}`, async () => {
      server.handlers.set(
        path,
        json(suggest('2027-01-02T00:00:00Z', '2027-01-03T00:00:00Z'), { 'retry-after': '60' }),
      );
      await run();
      nowMs += 3_600_000;
      server.handlers.set(path, handler);
      const window = await run();
      assert.deepEqual(
        [window?.outcome, window?.start?.toISOString()],
        ['failed', '2027-01-02T00:00:00.000Z'],
      );
      assert.match(String(window?.detail), detail);
      assert.ok(window && window.retryAt.getTime() > nowMs);
    });

  it('says nothing where the CA does not offer it', async () => {
    server.handlers.set('/directory', json({ newOrder: 'x' }));
    assert.equal(await run(), undefined);
  });
});
