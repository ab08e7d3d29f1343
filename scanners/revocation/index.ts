import type { ScannerKind } from '../scanner.js';
import { revocationConfig, type RevocationConfig } from './config.js';

const config = revocationConfig
  .prefault({})
  .describe('Revocation: lists (CRLs) and OCSP responses, fetched for the certificates in use.');

/** Learns which certificates are revoked. */
export const revocation: ScannerKind<'revocation', RevocationConfig, typeof config> = {
  id: 'revocation',
  config,
  create: async (settings, surroundings) => {
    const { createRevocationScanner } = await import('./scanner.js');
    return settings.enabled ? [createRevocationScanner(settings, surroundings)] : [];
  },
};
