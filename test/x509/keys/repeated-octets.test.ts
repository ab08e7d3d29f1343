import assert from 'node:assert/strict';
import { it } from 'node:test';
import { repeatedOctets, rsaRepeatedOctets } from '../../../src/x509/keys/repeated-octets.js';

/** 64 octets, no two neighbours alike, with a run of `octet` in the middle. */
const withRun = (octet: number, run: number): Uint8Array =>
  Buffer.concat([Buffer.from([0x81, 0x82, 0x83]), Buffer.alloc(run, octet), Buffer.from([0x91, 0x92, 0x93])]);

const ofRsa = (modulusOctets: Uint8Array) =>
  rsaRepeatedOctets({ modulusOctets, modulus: 1n, exponent: 65_537n, bits: modulusOctets.length * 8 });
const ofOther = (publicKey: Uint8Array) =>
  repeatedOctets({ publicKey, spki: publicKey, facts: { type: 'Ed25519', bits: null, curve: null } });

it('flags any octet sixteen times in a row, not fifteen', () => {
  for (const octet of [0x01, 0x5a, 0xff]) {
    assert.equal(ofRsa(withRun(octet, 16))?.code, 'rsa-repeated-octets');
    assert.equal(ofRsa(withRun(octet, 15)), null);
    assert.equal(ofOther(withRun(octet, 16))?.code, 'key-repeated-octets');
    assert.equal(ofOther(withRun(octet, 15)), null);
  }
});

it('leaves zeros in a modulus to the check that needs fewer of them', () => {
  assert.equal(ofRsa(withRun(0, 40)), null);
  assert.equal(ofOther(withRun(0, 16))?.code, 'key-repeated-octets');
});
