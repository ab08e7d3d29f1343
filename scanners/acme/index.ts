import type { ScannerKind } from '../scanner.js';
import { acmeConfig, type AcmeConfig } from './config.js';

const config = acmeConfig
  .prefault({})
  .describe('Renewal windows that CAs suggest (ACME Renewal Information, RFC 9773).');

/** Learns when CAs want certificates renewed. */
export const acme: ScannerKind<'acme', AcmeConfig, typeof config> = {
  id: 'acme',
  config,
  create: async (settings, surroundings) => {
    const { createAcmeScanner } = await import('./scanner.js');
    return settings.enabled ? [createAcmeScanner(settings, surroundings)] : [];
  },
};
