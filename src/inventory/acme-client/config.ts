import { z } from 'zod';
import { commonKeys } from '../common-keys.js';

/** The state folder of a program that gets certificates by ACME. */
export const acmeClientConfig = z.strictObject({
  type: z
    .literal('acme-client')
    .describe('State folder of certbot, acme.sh, lego, Caddy or Traefik: certificates and how renewal goes.'),
  ...commonKeys,
  client: z.enum(['certbot', 'acme.sh', 'lego', 'caddy', 'traefik']).describe('Which program it belongs to.'),
  path: z
    .string()
    .min(1)
    .describe(
      "The folder, for example /etc/letsencrypt, ~/.acme.sh, .lego or Caddy's data folder; for Traefik the file acme.json. Private keys are not opened, except in acme.json, which holds both.",
    ),
  log: z
    .string()
    .min(1)
    .nullable()
    .default(null)
    .describe(
      'Log of certbot, for example /var/log/letsencrypt/letsencrypt.log, read for failed renewals. If null, none.',
    ),
});

/** The state folder of a program that gets certificates by ACME. */
export type AcmeClientConfig = z.infer<typeof acmeClientConfig>;
