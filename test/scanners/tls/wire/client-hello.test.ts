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
