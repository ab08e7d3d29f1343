import { z } from 'zod';
import { outboundShape } from '../../lib/http/config.js';
import { secretString } from '../../lib/secret.js';
import { commonKeys } from '../common-keys.js';
import type { ConnectorKind } from '../connector.js';
import { listedItem } from '../rest/certificate-item.js';
import { listingConnector } from '../rest/listing-source.js';

/** Venafi as a service, now CyberArk Certificate Manager, SaaS. */
export const venafiCloudConfig = z.strictObject({
  type: z
    .literal('venafi-cloud')
    .describe(
      "Venafi TLS Protect Cloud (CyberArk Certificate Manager, SaaS). Built from notes on the vendor's documentation; not run against the vendor.",
    ),
  ...commonKeys,
  apiKey: secretString.describe('API key of a user that may read certificates.'),
  url: z
    .url({ protocol: /^https?$/ })
    .default('https://api.venafi.cloud')
    .describe('Address of the region, for example https://api.eu.venafi.cloud'),
  ...outboundShape({ allowPrivate: false }),
});

const page = z.object({
  count: z.number().optional(),
  certificates: z
    .array(
      z.object({
        id: z.string(),
        fingerprint: z.string().default(''),
        certificateStatus: z.string().default(''),
        subjectCN: z.array(z.string()).default([]),
        subjectAlternativeNamesByType: z.object({ dNSName: z.array(z.string()).default([]) }).optional(),
        applicationIds: z.array(z.string()).default([]),
      }),
    )
    .default([]),
});

const pageSize = 500;

/** https://docs.venafi.cloud/api/vaas-rest-api/ certificatesearch; fields as in github.com/Venafi/vcert pkg/venafi/cloud/search.go */
export const venafiCloud: ConnectorKind<typeof venafiCloudConfig> = {
  config: venafiCloudConfig,
  defaultName: ({ url }) => new URL(url).host,
  create: (config, name, read) =>
    listingConnector(name, read, {
      baseUrl: config.url,
      outbound: config,
      secrets: [config.apiKey],
      authorize: () => ({ headers: () => Promise.resolve({ 'tppl-api-key': config.apiKey }) }),
      page,
      request: (pageNumber) => ({
        method: 'POST',
        path: '/outagedetection/v1/certificatesearch',
        isRepeatable: true,
        json: {
          ordering: { orders: [{ field: 'id', direction: 'ASC' }] },
          paging: { pageNumber: pageNumber ?? 0, pageSize },
        },
      }),
      next: ({ certificates }, pageNumber) =>
        certificates.length === 0 ? null : Number(pageNumber ?? 0) + 1,
      entries: ({ certificates }) =>
        certificates.map((one) => ({ ...one, reference: `certificate ${one.id}` })),
      listed: (
        {
          reference,
          fingerprint,
          certificateStatus,
          subjectCN,
          subjectAlternativeNamesByType,
          applicationIds,
        },
        { source },
      ) =>
        listedItem(
          { fingerprint },
          {
            source,
            reference,
            names: [...new Set([...subjectCN, ...(subjectAlternativeNamesByType?.dNSName ?? [])])],
            status: certificateStatus === '' ? null : certificateStatus,
            labels: applicationIds.length === 0 ? {} : { applications: applicationIds.join(' ') },
          },
        ),
    }),
};
