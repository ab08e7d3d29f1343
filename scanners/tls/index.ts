import type { ScannerKind } from '../scanner.js';
import { tlsConfig, type TlsConfig } from './config.js';

const config = tlsConfig.prefault({}).describe('What to scan on the network, and how fast.');

/** Probes endpoints: one scheduled scan for each group of targets. */
export const tls: ScannerKind<'scan', TlsConfig, typeof config> = {
  id: 'scan',
  config,
  parts: (settings) => settings.groups.map((group) => ({ ...settings, groups: [group] })),
  create: async (settings, surroundings) =>
    (await import('./group-scans.js')).createGroupScans(settings, surroundings),
};
