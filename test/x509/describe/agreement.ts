import assert from 'node:assert/strict';
import type { X509Certificate } from 'node:crypto';
import ipaddr from 'ipaddr.js';
import type { Certificate } from '../../../src/model/certificate.js';

/**
 * Compares a certificate with what node:crypto makes of the same bytes, in every field both have. Differences that are known
 * and meant: Node writes negative serial numbers with a sign and reads dates that are none; it gives no names where the
 * subjectAltName is malformed, and says `ca` only where keyUsage agrees.
 */
export function assertAgrees(read: Certificate, peer: X509Certificate, where: string): void {
  const codes = new Set(read.problems.map(({ code }) => code));
  assert.equal(read.sha256, colons(peer.fingerprint256), where);
  assert.equal(read.sha1, colons(peer.fingerprint), where);
  if (!codes.has('negative-serial'))
    assert.equal(read.serialNumber, peer.serialNumber.toLowerCase().replace(/^0+(?=.)/, ''), where);
  if (read.notBefore !== null && !codes.has('time-format'))
    assert.equal(read.notBefore.getTime(), Date.parse(peer.validFrom), where);
  if (read.notAfter !== null && !codes.has('time-format'))
    assert.equal(read.notAfter.getTime(), Date.parse(peer.validTo), where);
  if (peer.ca) assert.equal(read.isCa, true, where);
  assert.equal(read.commonNames.length, (peer.subject ?? '').match(/(?:^|\n|\+ ?)CN=/g)?.length ?? 0, where);
  assertSameNames(read, peer.subjectAltName ?? '', where);
  assertSameKey(read, peer, where);
}

function colons(fingerprint: string): string {
  return fingerprint.replaceAll(':', '').toLowerCase();
}

function assertSameNames(read: Certificate, text: string, where: string): void {
  // Quoted values hold characters that Node escapes; they are compared by number only.
  if (
    text.includes('"') ||
    read.problems.some(({ code }) => /alt-name|text|nul|ip-address|empty-name|duplicate/.test(code))
  )
    return;
  const parts = text === '' ? [] : text.split(', ');
  const valuesOf = (kind: string): string[] =>
    parts.filter((part) => part.startsWith(kind)).map((part) => part.slice(kind.length));
  assert.deepEqual(read.dnsNames, valuesOf('DNS:'), where);
  assert.deepEqual(
    read.ipAddresses,
    valuesOf('IP Address:').map((address) => ipaddr.parse(address).toString()),
    where,
  );
  assert.deepEqual(read.uris, valuesOf('URI:'), where);
}

function assertSameKey(read: Certificate, peer: X509Certificate, where: string): void {
  const key = publicKey(peer);
  if (key === null || read.key === null || read.problems.some(({ code }) => code === 'bad-key')) return;
  const { modulusLength } = key.asymmetricKeyDetails ?? {};
  if (key.asymmetricKeyType?.startsWith('rsa')) assert.equal(read.key.bits, modulusLength, where);
  assert.equal(read.key.type.toLowerCase(), key.asymmetricKeyType?.replace('-pss', ''), where);
}

function publicKey(peer: X509Certificate): X509Certificate['publicKey'] | null {
  try {
    return peer.publicKey;
  } catch {
    return null;
  }
}
