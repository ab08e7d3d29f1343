import type { ScannerKind } from '../scanner.js';
import { ctConfig, type CtConfig } from './config.js';

const config = ctConfig.prefault({});

/** Follows Certificate Transparency logs. */
export const ct: ScannerKind<'ct', CtConfig, typeof config> = {
  id: 'ct',
  config,
  async create(settings, { log, folder, ownedDomains, memory }) {
    const { createCtScanner } = await import('./ct-scanner.js');
    const positions = (): ReturnType<typeof memory.ctPositions> => memory.ctPositions();
    return [createCtScanner({ config: settings, ownedDomains, positions, logger: log, folder })];
  },
};
