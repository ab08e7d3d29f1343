import { z } from 'zod';
import { outboundShape } from '../../lib/http/config.js';
import { secretString } from '../../lib/secret.js';
import { commonKeys } from '../common-keys.js';
import type { ConnectorKind } from '../connector.js';
import { listedItem } from '../rest/certificate-item.js';
import { listingConnector } from '../rest/listing-source.js';

/** Keyfactor Command. */
export const keyfactorConfig = z.strictObject({
  type: z
    .literal('keyfactor')
    .describe(
      "Keyfactor Command. Built from notes on the vendor's documentation; not run against the vendor.",
    ),
  ...commonKeys,
  url: z
    .url({ protocol: /^https?$/ })
    .describe('Address of the API, for example https://keyfactor.example.com/KeyfactorAPI'),
  username: z
    .string()
    .min(1)
    .describe('For example EXAMPLE\\certglass; needs the permission to read certificates.'),
  password: secretString.describe('Its password.'),
  ...outboundShape({ allowPrivate: true }),
});

const page = z.array(
  z.object({
    Id: z.number(),
    Thumbprint: z.string(),
    IssuedCN: z.string().nullish(),
    RequesterName: z.string().nullish(),
    CertStateString: z.string().nullish(),
    CertificateAuthorityName: z.string().nullish(),
    TemplateName: z.string().nullish(),
    Metadata: z.record(z.string(), z.unknown()).nullish(),
  }),
);
const pageSize = 200;

/** https://software.keyfactor.com/Core-OnPrem/Current/Content/WebAPI/KeyfactorAPI/CertificatesGET.htm */
export const keyfactor: ConnectorKind<typeof keyfactorConfig> = {
  config: keyfactorConfig,
  defaultName: ({ url }) => new URL(url).host,
  create: (config, name, read) =>
    listingConnector(name, read, {
      baseUrl: config.url,
      outbound: config,
      secrets: [config.password, `${config.username}:${config.password}`],
      authorize: () => ({
        headers: () =>
          Promise.resolve({
            authorization: `Basic ${Buffer.from(`${config.username}:${config.password}`).toString('base64')}`,
            'x-keyfactor-requested-with': 'APIClient',
          }),
      }),
      page,
      request: (number) => ({
        path: '/Certificates',
        query: { PageReturned: number ?? 1, ReturnLimit: pageSize, SortField: 'Id', IncludeMetadata: true },
      }),
      next: (entries, number) => (entries.length === 0 ? null : Number(number ?? 1) + 1),
      entries: (entries) => entries.map((one) => ({ ...one, reference: `certificate ${one.Id}` })),
      listed: (
        {
          reference,
          Thumbprint,
          IssuedCN,
          RequesterName,
          CertStateString,
          CertificateAuthorityName,
          TemplateName,
          Metadata,
        },
        { source },
      ) =>
        listedItem(
          { fingerprint: Thumbprint },
          {
            source,
            reference,
            owner: RequesterName ?? null,
            names: IssuedCN ? [IssuedCN] : [],
            status: CertStateString ?? null,
            labels: {
              ...textsOf(Metadata ?? {}),
              ...textsOf({ authority: CertificateAuthorityName, template: TemplateName }),
            },
          },
        ),
    }),
};

function textsOf(values: Readonly<Record<string, unknown>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values).flatMap(([key, value]) =>
      typeof value === 'string' && value !== '' ? [[key, value]] : [],
    ),
  );
}
