import assert from 'node:assert/strict';
import { connect, type Socket } from 'node:net';
import { after, describe, it } from 'node:test';
import { BlockedAddressError } from '../../../src/lib/http/errors.js';
import { createGuardedClient } from '../../../src/lib/http/guarded-client.js';
import type { ResolveAll } from '../../../src/lib/http/guarded-connect.js';
import { startHttpService } from '../../support/http-service.js';

/** Ways to write an address that must not be reached. Nothing dials: the connections that would be opened are counted. */
const literals = [
  ...[
    '127.0.0.1',
    '127.1',
    '127.0.1',
    '127.255.255.254',
    '2130706433',
    '0x7f000001',
    '0x7f.1',
    '0x7F.0x0.0x0.0x1',
  ],
  ...['0177.0.0.1', '017700000001', '0177.0.1', '127.0.0.1.', '127.000.000.001', '%31%32%37.0.0.1'],
  ...['①②⑦.⓪.⓪.①', '127。0。0。1', '127．0．0．1', '0', '0.0.0.0', 'user:password@127.0.0.1'],
  ...[
    '[::1]',
    '[::]',
    '[0:0:0:0:0:0:0:1]',
    '[::ffff:127.0.0.1]',
    '[::ffff:7f00:1]',
    '[::127.0.0.1]',
    '[::7f00:1]',
  ],
  ...['[::ffff:0:127.0.0.1]', '[64:ff9b::127.0.0.1]', '[64:ff9b:1::7f00:1]', '[64:ff9b:1:7f00:0:100::]'],
  ...['[2002:7f00:1::]', '[2001:0:7f00:1::]', '[fe80::1]', '[fe80::5efe:7f00:1]', '[fec0::1]', '[fd00::1]'],
  ...['[fd00:ec2::254]', '[::ffff:169.254.169.254]', '[ff02::1]', '[100::1]', '[100:0:0:1::1]', '[5f00::1]'],
  ...['169.254.169.254', '0xa9fea9fe', '2852039166', '10.0.0.1', '172.16.0.1', '192.168.0.1', '100.64.0.1'],
  ...['100.100.100.200', '192.0.0.192', '198.18.0.1', '224.0.0.1', '255.255.255.255', '240.0.0.1', '0.1.2.3'],
  // What no URL can hold.
  ...[
    '[::1%25lo]',
    '[fe80::1%eth0]',
    '[fe80::1%25eth0]',
    '256.0.0.1',
    '127.0.0.1:80%40example.com',
    '[::1',
    '1.2.3.4.5',
  ],
];

/** What a name may resolve to. */
const answersOfNames = [
  ...[
    '127.0.0.1',
    '::1',
    '::ffff:127.0.0.1',
    '64:ff9b::7f00:1',
    '::1%lo',
    'fe80::1%eth0',
    '::',
    '0.0.0.0',
    '10.1.2.3',
  ],
  ...['169.254.169.254', 'fd00:ec2::254', '127.1', '0x7f.1', 'not an address', ''],
];

describe('address tricks', () => {
  const dialled: unknown[] = [];
  const dial = (options: unknown): Socket => {
    dialled.push(options);
    throw new Error('a connection was opened');
  };
  const resolveTo =
    (address: string): ResolveAll =>
    (_name, callback) =>
      callback(null, [{ address, family: address.includes(':') ? 6 : 4 }]);
  const limits = { timeoutMs: 5_000, maxBytes: 1_000 };
  const rules = { allowPrivate: false, allow: [], ports: null, ca: null };

  for (const scheme of ['http', 'https'])
    for (const host of literals)
      it(`opens no connection to ${scheme}://${host}`, async () => {
        const client = createGuardedClient(rules, { dial });
        await assert.rejects(client.fetch(`${scheme}://${host}/`, limits), BlockedAddressError);
        await client.close();
        assert.deepEqual(dialled, []);
      });

  // A real TCP dial, so that the lookup runs; it never connects, for the lookup gives no address.
  for (const address of answersOfNames)
    it(`opens no connection to a name that resolves to ${address || 'nothing'}`, async () => {
      const opened: Socket[] = [];
      const client = createGuardedClient(rules, {
        resolve: resolveTo(address),
        dial: (options) => {
          const socket = connect(options);
          socket.on('connect', () => opened.push(socket));
          return socket;
        },
      });
      await assert.rejects(client.fetch('http://name.example/', limits), BlockedAddressError);
      await client.close();
      assert.equal(opened.length, 0);
    });

  it('keeps metadata addresses shut when private ones are allowed', async () => {
    for (const host of [
      '169.254.169.254',
      '[fd00:ec2::254]',
      '100.100.100.200',
      '192.0.0.192',
      '[64:ff9b::a9fe:a9fe]',
    ]) {
      const client = createGuardedClient({ ...rules, allowPrivate: true }, { dial });
      await assert.rejects(client.fetch(`http://${host}/latest/meta-data/`, limits), BlockedAddressError);
      await client.close();
    }
    assert.deepEqual(dialled, []);
  });

  describe('behind a proxy', async () => {
    const proxy = await startHttpService(() => ({ status: 200, text: 'reached' }));
    after(() => proxy.close());
    for (const url of [
      'http://127.0.0.1/',
      'http://[::1]/',
      'https://127.1/',
      'https://169.254.169.254/',
      'http://name.example/',
      'https://name.example/',
    ])
      it(`asks the proxy for nothing on behalf of ${url}`, async () => {
        const client = createGuardedClient(
          { ...rules, proxy: proxy.url },
          { resolve: resolveTo('10.1.2.3') },
        );
        await assert.rejects(client.fetch(url, limits), BlockedAddressError);
        await client.close();
        assert.equal(proxy.requests.length, 0);
      });
  });
});
