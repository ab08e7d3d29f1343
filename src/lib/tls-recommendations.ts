import { z } from 'zod';
import { readConfigData } from './config-data.js';

const names = z.array(z.string().min(1)).min(1);

/** Schema of config/tls-recommendations.json. */
export const recommendationsFile = z.strictObject({
  asOf: z.iso.date(),
  about: z.string(),
  source: z.string().min(8),
  cipherSuites: z.strictObject({ recommended: names, discouraged: names, pending: names }),
  groups: z.strictObject({ recommended: names, discouraged: names, postQuantum: names }),
  signatureSchemes: z.strictObject({ recommended: names, discouraged: names, postQuantum: names }),
});

const { asOf, cipherSuites, groups, signatureSchemes } = readConfigData(
  'tls-recommendations.json',
  recommendationsFile,
);

/** ISO day for which the registries were read. */
export const recommendationsAsOf = asOf;

/** Groups that a survey calls by another name than the registry does. */
const groupNames: Readonly<Record<string, string>> = {
  'P-192': 'secp192r1',
  'P-224': 'secp224r1',
  'P-256': 'secp256r1',
  'P-384': 'secp384r1',
  'P-521': 'secp521r1',
  X25519: 'x25519',
  X448: 'x448',
};

/**
 * What the IANA registry says of an algorithm for TLS: recommended (Y), discouraged (D, RFC 9847), `pending` (discouraged by a
 * draft), or neither (N, or not listed).
 */
export type Recommendation = 'recommended' | 'discouraged' | 'pending' | 'neutral';

/** Recommendation for a cipher suite by its registry name, such as `TLS_AES_128_GCM_SHA256`. */
export function suiteRecommendation(name: string): Recommendation {
  return recommendation(cipherSuites, name);
}

/** Recommendation for a key-exchange group, by its registry name or the one in an observation (`P-256`, `X25519`). */
export function groupRecommendation(name: string): Recommendation {
  return recommendation(groups, groupNames[name] ?? name);
}

/** Recommendation for a signature scheme by its registry name, such as `rsa_pkcs1_sha1`. */
export function schemeRecommendation(name: string): Recommendation {
  return recommendation(signatureSchemes, name);
}

/** True for groups that withstand a quantum computer: ML-KEM alone or in a hybrid. */
export function isPostQuantumGroup(name: string): boolean {
  return groups.postQuantum.includes(name);
}

interface Lists {
  readonly recommended: readonly string[];
  readonly discouraged: readonly string[];
  readonly pending?: readonly string[];
}

function recommendation({ recommended, discouraged, pending = [] }: Lists, name: string): Recommendation {
  if (discouraged.includes(name)) return 'discouraged';
  if (pending.includes(name)) return 'pending';
  return recommended.includes(name) ? 'recommended' : 'neutral';
}
