import { z } from 'zod';
import { outboundShape } from '../../lib/http/config.js';
import { secretString } from '../../lib/secret.js';
import { commonKeys } from '../common-keys.js';

/** Certificates of Google Cloud projects. */
export const googleConfig = z.strictObject({
  type: z
    .literal('google')
    .describe(
      "Google Cloud: Certificate Manager, load balancer certificates, CA Service. Built from notes on the vendor's documentation; not run against the vendor.",
    ),
  ...commonKeys,
  projects: z.array(z.string().min(1)).min(1).describe('Project ids.'),
  services: z
    .array(z.enum(['certificate-manager', 'load-balancer', 'ca-service']))
    .min(1)
    .default(['certificate-manager', 'load-balancer'])
    .describe(
      'Which APIs to list. They need certificatemanager.certs.list, compute.sslCertificates.list and privateca.certificates.list; one that is not enabled is noted.',
    ),
  credentials: z
    .discriminatedUnion('from', [
      z.strictObject({
        from: z.literal('key').describe('Key of a service account, as Google gives it.'),
        json: secretString.describe('The JSON itself: file:PATH, or `${ENV}`.'),
      }),
      z.strictObject({
        from: z
          .literal('metadata')
          .describe('Metadata service of instances, GKE (workload identity) and Cloud Run.'),
      }),
    ])
    .default({ from: 'metadata' })
    .describe('How to sign in: the key of a service account, or the metadata service.'),
  metadata: z
    .url({ protocol: /^https?$/ })
    .default('http://169.254.169.254')
    .describe('Address of the metadata service.'),
  endpoint: z
    .url({ protocol: /^https?$/ })
    .nullable()
    .default(null)
    .describe('Address of all APIs, for private endpoints. If null, the public ones.'),
  ...outboundShape({ allowPrivate: true }),
});

/** Certificates of Google Cloud projects. */
export type GoogleConfig = z.infer<typeof googleConfig>;
