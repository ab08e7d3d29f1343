import { revocationConfig } from '../../scanners/revocation/config.js';
import { tlsConfig } from '../../scanners/tls/config.js';
import type { Config } from '../config/config.js';
import { policyConfig } from '../rules/config.js';
import { trustConfig } from '../trust/trust.js';

/** The sections of the configuration that a scan goes by. */
export type ScanSettings = Pick<Config, 'policy' | 'scan' | 'trust' | 'revocation'>;

/**
 * Reads them from the configuration. Where there is no file and no variable they are defaults, and the sections of the
 * service, which take longer to load than a scan takes, are left alone.
 */
export async function scanSettings(
  file: string | null,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<ScanSettings> {
  const isDefault = file === null && !Object.keys(environment).some((name) => name.startsWith('CERTGLASS__'));
  if (isDefault)
    return {
      policy: policyConfig.parse({}),
      scan: tlsConfig.parse({}),
      trust: trustConfig.parse({}),
      revocation: revocationConfig.parse({}),
    };
  const { openConfig } = await import('./open-config.js');
  return openConfig(file, environment);
}
