import { z } from 'zod';
import { outboundShape } from '../../lib/http/config.js';
import { secretString } from '../../lib/secret.js';
import { commonKeys } from '../common-keys.js';
import type { ConnectorKind } from '../connector.js';
import { certificateItem } from '../rest/certificate-item.js';
import { listingConnector } from '../rest/listing-source.js';

/** Sectigo Certificate Manager. */
export const sectigoConfig = z.strictObject({
  type: z
    .literal('sectigo')
    .describe(
      "Sectigo Certificate Manager. Built from notes on the vendor's documentation; not run against the vendor.",
    ),
  ...commonKeys,
  customerUri: z.string().min(1).describe('Customer URI, as in the address of the web page.'),
  login: z.string().min(1).describe('Administrator with the privilege to use the API.'),
  password: secretString.describe('Its password.'),
  url: z
    .url({ protocol: /^https?$/ })
    .default('https://cert-manager.com')
    .describe('Address of the service.'),
  ...outboundShape({ allowPrivate: false }),
});

const page = z.array(
  z.object({
    sslId: z.number(),
    commonName: z.string().default(''),
    subjectAlternativeNames: z.array(z.string()).default([]),
    serialNumber: z.string().default(''),
  }),
);

/** At most 200 a page. */
const pageSize = 200;

/** https://www.sectigo.com/knowledge-base/detail/SCM-Sectigo-Certificate-Manager-REST-API/kA01N000000XDkE, SSL: list and collect */
export const sectigo: ConnectorKind<typeof sectigoConfig> = {
  config: sectigoConfig,
  defaultName: ({ customerUri }) => customerUri,
  create: (config, name, read) =>
    listingConnector(name, read, {
      baseUrl: config.url,
      outbound: config,
      secrets: [config.password],
      authorize: () => ({
        headers: () =>
          Promise.resolve({
            login: config.login,
            password: config.password,
            customeruri: config.customerUri,
          }),
      }),
      page,
      request: (position) => ({ path: '/api/ssl/v1', query: { size: pageSize, position: position ?? 0 } }),
      next: (entries, position) => (entries.length === 0 ? null : Number(position ?? 0) + entries.length),
      entries: (entries) =>
        entries
          // Requests that were not issued have no serial number.
          .filter(({ serialNumber }) => serialNumber !== '')
          .map(({ sslId, commonName, subjectAlternativeNames, serialNumber }) => ({
            sslId,
            reference: `ssl ${sslId} serial ${serialNumber}`,
            facts: {
              names: [...new Set([commonName, ...subjectAlternativeNames])].filter((one) => one !== ''),
            },
          })),
      async fetch({ sslId, reference, facts }, { rest, source }, signal) {
        const answer = await rest.send({ path: `/api/ssl/v1/collect/${sslId}/x509CO` }, signal);
        return certificateItem(answer.body, { source, reference, ...facts }, read);
      },
    }),
};
