import assert from 'node:assert/strict';
import { it } from 'node:test';
import { createNameRanges, locateNames, nameKinds } from '../../../src/x509/read/locate-names.js';
import { readCertificate, readTbs } from '../../../src/x509/read/read-certificate.js';
import * as der from '../../support/der-writer.js';
import { extension, issueFor } from '../../support/pki.js';
import { assemble, attribute, dnsName, extensions, rdns, san, text } from '../assemble.js';

const out = createNameRanges();

/** Names by kind, as located within a larger buffer. */
function located(bytes: Buffer, isTbs = false): string[] | null {
  const padded = Buffer.concat([Buffer.alloc(7, 0x30), bytes, Buffer.alloc(9, 0x82)]);
  if (!locateNames(padded, 7, 7 + bytes.length, isTbs, out)) return null;
  const kinds = Object.keys(nameKinds);
  return Array.from({ length: out.count }, (_, index) => {
    const octets = padded.subarray(out.starts[index], out.ends[index]);
    return `${kinds[out.kinds[index] ?? 9] ?? ''} ${octets.toString(out.kinds[index] === nameKinds.ipAddress ? 'hex' : 'latin1')}`;
  });
}

it('locates the names of a usual certificate and of its TBSCertificate', () => {
  const leaf = issueFor('www.example.com', {
    dnsNames: ['www.example.com', '*.example.com'],
    ipAddresses: ['192.0.2.1'],
  });
  const expected = [
    'commonName www.example.com',
    'dnsName www.example.com',
    'dnsName *.example.com',
    'ipAddress c0000201',
  ];
  assert.deepEqual(located(leaf.der), expected);
  assert.deepEqual(located(leaf.der.subarray(4, 8 + leaf.der.readUInt16BE(6)), true), expected);
});

it('gives organizations, and no Common Name that is no host name', () => {
  const subject = rdns(
    der.set(attribute('2.5.4.10', 12, text('Example GmbH'))),
    der.set(attribute('2.5.4.3', 12, text('Jane Doe'))),
  );
  assert.deepEqual(located(assemble({ subject })), ['organization Example GmbH']);
});

it('grows with the number of names', () => {
  const names = Array.from({ length: 1000 }, (_, index) => `host-${index}.example.com`);
  assert.deepEqual(
    located(assemble({ subject: rdns(), tail: extensions(san(...names.map(dnsName))) })),
    names.map((name) => `dnsName ${name}`),
  );
});

const unusual: readonly (readonly [what: string, bytes: Buffer])[] = [
  ['trailing bytes', Buffer.concat([assemble({}), Buffer.from([0])])],
  ['a unique identifier', assemble({ tail: der.context(1, false, Buffer.from([0])) })],
  ['a cut', assemble({}).subarray(0, -1)],
  ['capitals', assemble({ tail: extensions(san(dnsName('WWW.example.com'))) })],
  [
    'a Common Name to normalise',
    assemble({ subject: rdns(der.set(attribute('2.5.4.3', 12, text('Www.example.com.')))) }),
  ],
  [
    'a Common Name that is no ASCII',
    assemble({ subject: rdns(der.set(attribute('2.5.4.3', 12, text('münchen')))) }),
  ],
  [
    'a host name in another attribute',
    assemble({ subject: rdns(der.set(attribute('2.5.4.11', 12, text('a.example.com')))) }),
  ],
  [
    'an organization that reads like a host name',
    assemble({ subject: rdns(der.set(attribute('2.5.4.10', 12, text('a.example.com')))) }),
  ],
  ['a BMPString', assemble({ subject: rdns(der.set(attribute('2.5.4.3', 0x1e, text('ab')))) })],
  ['a broken issuer', assemble({ subject: der.sequence(der.integer(1)) })],
  ['a URI name', assemble({ tail: extensions(san(der.context(6, false, text('https://a.example.com')))) })],
  [
    'an address that reads like a name',
    assemble({ tail: extensions(san(der.context(7, false, text('host.example.ab')))) }),
  ],
  ['an unknown extension', assemble({ tail: extensions(extension('1.2.3', false, der.nullValue())) })],
  ['a repeated extension', assemble({ tail: extensions(san(dnsName('a.test')), san(dnsName('b.test'))) })],
  [
    'a wrong value',
    assemble({ tail: extensions(extension('2.5.29.37', false, der.sequence(dnsName('a.test')))) }),
  ],
];
for (const [what, bytes] of unusual) {
  it(`leaves a certificate with ${what} to the full reader`, () => {
    assert.equal(located(bytes), null);
  });
}

it('agrees with the full reader on every certificate it takes', () => {
  let seed = 1;
  const random = (below: number): number => (seed = (seed * 48271) % 2147483647) % below;
  const base = issueFor('www.example.com', { dnsNames: ['www.example.com', 'mail.example.com'] }).der;
  let taken = 0;
  for (let round = 0; round < 5000; round += 1) {
    const mutated = Buffer.from(base);
    for (let count = random(3); count >= 0; count -= 1) mutated[random(mutated.length)] = random(256);
    const names = located(mutated);
    if (names === null) continue;
    taken += 1;
    const hosts = names.filter((name) => /^(common|dns)Name/.test(name)).map((name) => name.split(' ')[1]);
    assert.deepEqual([...new Set(hosts)].sort(), [...readCertificate(mutated).names].sort());
  }
  assert.ok(taken > 1000, `${taken}`);
  assert.deepEqual(readTbs(Buffer.alloc(0)).names, []);
});
