import type { ScannerKind } from '../scanner.js';
import { dnsConfig, type DnsConfig } from './config.js';

const config = dnsConfig
  .prefault({})
  .describe('DNS: CAA records and addresses of names under owned domains.');

/** Learns which CAs domains allow, and what their names stand for. */
export const dns: ScannerKind<'dns', DnsConfig, typeof config> = {
  id: 'dns',
  config,
  create: async (settings, surroundings) => {
    const { createDnsScanner } = await import('./scanner.js');
    return settings.enabled ? [createDnsScanner(settings, surroundings)] : [];
  },
};
