import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  clientHello,
  extensions,
  helloTemplate,
  versions,
} from '../../../../scanners/tls/wire/client-hello.js';

const hello = {
  version: versions['TLSv1.2'],
  cipherSuites: [0xc02f, 0x002f],
  extensions: [extensions.supportedGroups([29, 23]), extensions.sessionTicket],
};

describe('A template of hellos', () => {
  for (const name of [null, 'a.example', `${'a'.repeat(63)}.${'b'.repeat(63)}.${'c'.repeat(63)}.example`])
    it(`makes the very hello for ${name ?? 'no name'}, with a random of its own`, () => {
      const made = helloTemplate(hello)(name);
      const random = made.subarray(11, 43);
      const all = [...extensions.serverName(name), ...hello.extensions];
      assert.deepEqual(made, clientHello({ ...hello, random, extensions: all }));
      assert.notDeepEqual(random, helloTemplate(hello)(name).subarray(11, 43));
    });
});

describe('A hello', () => {
  const withSuites = (count: number, isExact = false): Buffer =>
    clientHello({ ...hello, cipherSuites: Array.from({ length: count }, (_, index) => index), isExact });
  const sizeOf = (bytes: Buffer): number => bytes.readUInt16BE(3);

  it('of 256 to 511 octets is padded to 512 or just above, for machines that wait for ever after it', () => {
    const bare = Array.from({ length: 250 }, (_, index) => sizeOf(withSuites(index + 1, true)));
    const padded = bare.map((_, index) => sizeOf(withSuites(index + 1)));
    for (const size of [255, 257, 511, 513]) assert.ok(bare.includes(size), `${size}`);
    for (const [index, size] of bare.entries()) {
      const expected = size < 256 || size > 511 ? size : Math.max(512, size + 5);
      assert.equal(padded[index], expected, `${size}`);
    }
  });

  it('without extensions stays as it is', () => {
    const suites = Array.from({ length: 150 }, (_, index) => index);
    assert.equal(
      sizeOf(clientHello({ version: 0x0300, cipherSuites: suites, extensions: [] })),
      4 + 35 + 302 + 2,
    );
  });
});
