import { z } from 'zod';
import { outboundShape } from '../../src/lib/http/config.js';

/** Renewal windows: which CAs are asked, for whose certificates. */
export const acmeConfig = z.strictObject({
  enabled: z
    .boolean()
    .default(true)
    .describe('Ask CAs when they want certificates in use renewed (ACME Renewal Information). Default true.'),
  directories: z
    .array(
      z.strictObject({
        url: z.url({ protocol: /^https?$/ }).describe('ACME directory.'),
        issuers: z
          .array(z.string().min(1))
          .min(1)
          .describe('Organization names (O) of the issuers whose certificates this CA manages.'),
      }),
    )
    .default([
      { url: 'https://acme-v02.api.letsencrypt.org/directory', issuers: ["Let's Encrypt"] },
      {
        url: 'https://dv.acme-v02.api.pki.goog/directory',
        issuers: ['Google Trust Services', 'Google Trust Services LLC'],
      },
      { url: 'https://acme.zerossl.com/v2/DV90', issuers: ['ZeroSSL'] },
    ])
    .describe('ACME directories. One without renewalInfo is skipped.'),
  everyMinutes: z
    .number()
    .min(0.01)
    .max(10_080)
    .default(30)
    .describe('Minutes between two checks for certificates whose window is due. Default 30.'),
  retryHours: z
    .number()
    .min(0.01)
    .max(168)
    .default(6)
    .describe(
      'Hours between two questions about a certificate where the CA does not say (Retry-After). Default 6.',
    ),
  requestSeconds: z
    .number()
    .min(0.1)
    .max(300)
    .default(30)
    .describe('Longest time for one request in seconds. Default 30.'),
  concurrency: z.int().min(1).max(16).default(2).describe('Requests at the same time. Default 2.'),
  ...outboundShape({ allowPrivate: false }),
});

/** A checked {@link acmeConfig}. */
export type AcmeConfig = z.infer<typeof acmeConfig>;
