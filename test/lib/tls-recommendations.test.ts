import assert from 'node:assert/strict';
import { it } from 'node:test';
import {
  groupRecommendation,
  isPostQuantumGroup,
  recommendationsAsOf,
  schemeRecommendation,
  suiteRecommendation,
} from '../../src/lib/tls-recommendations.js';

it('knows the day of the registries', () => assert.match(recommendationsAsOf, /^20\d\d-\d\d-\d\d$/));

for (const [name, of, expected] of [
  ['TLS_AES_128_GCM_SHA256', suiteRecommendation, 'recommended'],
  ['TLS_ECDHE_RSA_WITH_RC4_128_SHA', suiteRecommendation, 'discouraged'],
  ['TLS_RSA_WITH_AES_128_GCM_SHA256', suiteRecommendation, 'pending'],
  ['TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA', suiteRecommendation, 'neutral'],
  ['TLS_NO_SUCH_SUITE', suiteRecommendation, 'neutral'],
  ['P-256', groupRecommendation, 'recommended'],
  ['X25519', groupRecommendation, 'recommended'],
  ['P-192', groupRecommendation, 'discouraged'],
  ['sect163k1', groupRecommendation, 'discouraged'],
  ['P-521', groupRecommendation, 'neutral'],
  ['rsa_pkcs1_sha1', schemeRecommendation, 'discouraged'],
  ['rsa_pss_rsae_sha256', schemeRecommendation, 'recommended'],
] as const) {
  it(`calls ${name} ${expected}`, () => assert.equal(of(name), expected));
}

it('tells groups that withstand a quantum computer', () => {
  assert.equal(isPostQuantumGroup('X25519MLKEM768'), true);
  assert.equal(isPostQuantumGroup('MLKEM1024'), true);
  assert.equal(isPostQuantumGroup('X25519'), false);
});
