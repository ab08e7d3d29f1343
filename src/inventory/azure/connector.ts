import { z } from 'zod';
import { pages } from '../../lib/http/pages.js';
import type { RestClient } from '../../lib/http/rest-client.js';
import type { InventoryItem } from '../../model/inventory-item.js';
import type { Connector, ConnectorKind, ListOptions, ReadCertificate } from '../connector.js';
import { certificateItem } from '../rest/certificate-item.js';
import { readEach } from '../rest/read-each.js';
import { session } from '../rest/session.js';
import { azureConfig, type AzureConfig } from './config.js';
import { azureTokens } from './sign-in.js';

const attributes = z.object({ enabled: z.boolean().default(true) });
const tags = z.record(z.string(), z.string()).default({});
const entry = z.object({ id: z.string(), attributes: attributes.optional(), tags });
const page = z.object({ value: z.array(entry).default([]), nextLink: z.string().nullish() });
const version = z.object({ cer: z.string() });

const apiVersion = '7.4';

interface Run {
  readonly source: string;
  readonly rest: RestClient;
  readonly read: ReadCertificate;
  readonly signal: AbortSignal;
  readonly onError: (sentence: string) => void;
  readonly options: ListOptions | undefined;
}

/**
 * Every version of every certificate: older ones may still be served somewhere. A version never changes, so its id names the certificate
 * (https://learn.microsoft.com/rest/api/keyvault/certificates/, get-certificates, get-certificate-versions, get-certificate).
 */
function createAzure(config: AzureConfig, source: string, read: ReadCertificate): Connector {
  const { auth } = config;
  return {
    name: source,
    async *list(signal, onError, options) {
      for (const baseUrl of config.vaults) {
        const secrets = auth.method === 'client-secret' ? [auth.clientSecret] : [];
        yield* session(
          {
            baseUrl,
            outbound: config,
            secrets,
            authorize(client) {
              const tokens = azureTokens(config, client);
              return {
                headers: async (_request, abort) => ({ authorization: `Bearer ${await tokens.get(abort)}` }),
                refused: ({ authorization = '' }) => tokens.refused(authorization.slice('Bearer '.length)),
              };
            },
          },
          (rest) => vaultItems({ source, rest, read, signal, onError, options }),
        );
      }
    },
  };
}

async function* vaultItems(run: Run): AsyncGenerator<InventoryItem, void, undefined> {
  for await (const { value } of listing('/certificates', run))
    for (const { id } of value) yield* versionItems(new URL(id).pathname, run);
}

async function* versionItems(path: string, run: Run): AsyncGenerator<InventoryItem, void, undefined> {
  for await (const { value } of listing(`${path}/versions`, run)) {
    const entries = value.map((one) => ({
      path: new URL(one.id).pathname,
      reference: one.id,
      facts: { status: one.attributes?.enabled === false ? 'disabled' : 'enabled', labels: one.tags },
    }));
    yield* readEach(
      entries,
      {
        ...run,
        concurrency: 4,
        async fetch({ path: its, reference, facts }, signal) {
          const got = await run.rest.json(
            version,
            { path: its, query: { 'api-version': apiVersion } },
            signal,
          );
          return certificateItem(
            Buffer.from(got.cer, 'base64'),
            { source: run.source, reference, ...facts },
            run.read,
          );
        },
      },
      run.signal,
    );
  }
}

/** At most 25 a page; the link to the next one is a whole address on the same vault. */
function listing(path: string, { rest, signal }: Run) {
  return pages(
    {
      first: null as string | null,
      fetch: (link) =>
        rest.json(
          page,
          link === null ? { path, query: { 'api-version': apiVersion, maxresults: 25 } } : { path: link },
          signal,
        ),
      next: ({ nextLink }) => nextLink ?? null,
    },
    signal,
  );
}

/** Azure key vaults. */
export const azure: ConnectorKind<typeof azureConfig> = {
  config: azureConfig,
  defaultName: ({ vaults }) => vaults.map((one) => new URL(one).host.split('.')[0]).join(','),
  create: createAzure,
};
