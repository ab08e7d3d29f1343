import { z } from 'zod';
import { outboundShape } from '../../src/lib/http/config.js';

/** Revocation: which answers are fetched, how often, and from where. */
export const revocationConfig = z.strictObject({
  enabled: z
    .boolean()
    .default(true)
    .describe(
      'Fetch revocation lists for certificates that are served or have names under owned domains. Default true.',
    ),
  everyMinutes: z
    .number()
    .min(0.01)
    .max(1440)
    .default(15)
    .describe('Minutes between two checks for new certificates and lists that are due. Default 15.'),
  maxAgeHours: z
    .number()
    .min(0.01)
    .max(240)
    .default(24)
    .describe(
      'Hours after which a list is asked for again although the next update is further away; CAs publish a revocation within 24 hours. Default 24.',
    ),
  unreachableHours: z
    .number()
    .min(0)
    .max(720)
    .default(6)
    .describe('Hours without a usable list after which `crl-unreachable` is raised. Default 6.'),
  ocsp: z
    .enum(['without-crl', 'always', 'never'])
    .default('without-crl')
    .describe(
      'When OCSP responders are asked: for certificates that name no revocation list (the default), for all, or never.',
    ),
  ocspEnded: z
    .array(z.string().min(1))
    .default(['o.lencr.org', 'ocsp.int-x3.letsencrypt.org'])
    .describe(
      'Hosts, sub-domains included, of responders that were shut down and are never asked. Default: Let’s Encrypt, which ended OCSP on 2025-08-06.',
    ),
  issuers: z
    .boolean()
    .default(true)
    .describe(
      'Fetch issuers that servers do not send from the address in the certificate (AIA). Without the issuer no answer can be verified. Default true.',
    ),
  maxCrlMegabytes: z
    .number()
    .min(0.01)
    .max(256)
    .default(16)
    .describe('Largest list read, in MB. Default 16.'),
  requestSeconds: z
    .number()
    .min(0.1)
    .max(600)
    .default(60)
    .describe('Longest time for one request, redirects included, in seconds. Default 60.'),
  concurrency: z
    .int()
    .min(1)
    .max(32)
    .default(4)
    .describe('Requests under way at the same time; at most 2 of them to one host. Default 4.'),
  ports: z
    .array(z.int().min(1).max(65_535))
    .default([80, 443])
    .describe('Ports that addresses in certificates may name. Default 80 and 443.'),
  ...outboundShape({ allowPrivate: false }),
});

/** A checked {@link revocationConfig}. */
export type RevocationConfig = z.infer<typeof revocationConfig>;
