import { z } from 'zod';
import { outboundShape } from '../../lib/http/config.js';
import { commonKeys } from '../common-keys.js';
import type { ConnectorKind } from '../connector.js';
import { certificateItem } from '../rest/certificate-item.js';
import { listingConnector } from '../rest/listing-source.js';

/** EJBCA. */
export const ejbcaConfig = z.strictObject({
  type: z
    .literal('ejbca')
    .describe(
      "EJBCA, by its REST API v2 and a client certificate. Built from notes on the vendor's documentation; not run against the vendor.",
    ),
  ...commonKeys,
  url: z.url({ protocol: /^https?$/ }).describe('Address, for example https://ejbca.example.com:8443'),
  ...outboundShape({ allowPrivate: true }),
});

const page = z.object({
  certificates: z
    .array(
      z.object({
        certificate: z.string().default(''),
        serial_number: z.string().default(''),
        username: z.string().nullish(),
        status: z.string().nullish(),
        certificate_profile: z.string().nullish(),
        end_entity_profile: z.string().nullish(),
      }),
    )
    .default([]),
});
const pageSize = 500;

/** https://docs.keyfactor.com/ejbca/latest/ejbca-rest-interface: POST /v2/certificate/search; needs the role right "view certificates". */
export const ejbca: ConnectorKind<typeof ejbcaConfig> = {
  config: ejbcaConfig,
  defaultName: ({ url }) => new URL(url).host,
  create: (config, name, read) =>
    listingConnector(name, read, {
      baseUrl: config.url,
      outbound: config,
      secrets: [],
      authorize: () => ({ headers: () => Promise.resolve({}) }),
      page,
      request: (number) => ({
        method: 'POST',
        path: '/ejbca/ejbca-rest-api/v2/certificate/search',
        isRepeatable: true,
        json: {
          pagination: { page_size: pageSize, current_page: number ?? 1 },
          // Several values of one property are alternatives.
          criteria: ['CERT_ACTIVE', 'CERT_REVOKED', 'CERT_NOTIFIEDABOUTEXPIRATION'].map((value) => ({
            property: 'STATUS',
            value,
            operation: 'EQUAL',
          })),
          sort: { property: 'ISSUANCE_DATE', operation: 'ASC' },
        },
      }),
      next: ({ certificates }, number) => (certificates.length === 0 ? null : Number(number ?? 1) + 1),
      entries: ({ certificates }) =>
        certificates.map((one) => ({
          ...one,
          reference: `${one.username ?? 'certificate'} ${one.serial_number}`,
        })),
      listed: (
        {
          reference,
          certificate,
          username,
          status,
          certificate_profile: profile,
          end_entity_profile: entity,
        },
        { source },
      ) =>
        certificateItem(
          // Base64 of DER, or of that in base64 once more.
          unwrapped(certificate),
          {
            source,
            reference,
            owner: username ?? null,
            status: status ?? null,
            labels: { ...(profile ? { profile } : {}), ...(entity ? { endEntityProfile: entity } : {}) },
          },
          read,
        ),
    }),
};

function unwrapped(base64: string): Buffer {
  const once = Buffer.from(base64, 'base64');
  return once[0] === 0x30 ? once : Buffer.from(once.toString('latin1'), 'base64');
}
