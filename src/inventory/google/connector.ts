import { z } from 'zod';
import { HostUnwellError, HttpStatusError } from '../../lib/http/errors.js';
import { pages } from '../../lib/http/pages.js';
import type { RestClient } from '../../lib/http/rest-client.js';
import type { InventoryItem } from '../../model/inventory-item.js';
import type { Connector, ConnectorKind, ListOptions, ReadCertificate } from '../connector.js';
import { certificateItem } from '../rest/certificate-item.js';
import { session } from '../rest/session.js';
import { googleConfig, type GoogleConfig } from './config.js';
import { googleServices, type GoogleService } from './services.js';
import { googleTokens } from './sign-in.js';

interface Run {
  readonly source: string;
  readonly rest: RestClient;
  readonly read: ReadCertificate;
  readonly signal: AbortSignal;
  readonly onError: (sentence: string) => void;
  readonly options: ListOptions | undefined;
}

/** Service by service, project by project; every listing shows its certificates whole. */
function createGoogle(config: GoogleConfig, source: string, read: ReadCertificate): Connector {
  // The key has line ends of its own: each line is a secret.
  const secrets =
    config.credentials.from === 'key'
      ? config.credentials.json.split(/\\n|\n/).filter((line) => line.length > 30)
      : [];
  return {
    name: source,
    async *list(signal, onError, options) {
      for (const name of config.services) {
        const service = googleServices[name];
        const access = {
          baseUrl: config.endpoint ?? `https://${service.host}`,
          outbound: config,
          secrets,
          authorize(client: Parameters<typeof googleTokens>[1]) {
            const tokens = googleTokens(config, client);
            return {
              headers: async (_request: unknown, abort: AbortSignal) => ({
                authorization: `Bearer ${await tokens.get(abort)}`,
              }),
              refused: ({ authorization = '' }: Readonly<Record<string, string>>) =>
                tokens.refused(authorization.slice('Bearer '.length)),
            };
          },
        };
        yield* session(access, async function* (rest) {
          for (const project of config.projects)
            yield* projectItems(service, project, { source, rest, read, signal, onError, options });
        });
      }
    },
  };
}

async function* projectItems(
  service: GoogleService,
  project: string,
  run: Run,
): AsyncGenerator<InventoryItem, void, undefined> {
  const { rest, read, signal, source, onError } = run;
  const path = service.path(encodeURIComponent(project));
  const listing = pages(
    {
      first: null as string | null,
      fetch: (pageToken) =>
        rest
          .json(z.unknown(), { path, query: { ...service.query, pageToken } }, signal)
          .then((page) => readPage(service, path, page)),
      next: ({ nextPageToken }) => nextPageToken,
    },
    signal,
  );
  try {
    for await (const { listed } of listing)
      for (const { pem, facts } of listed) {
        // What is still being provisioned has no certificate.
        if (pem === '') continue;
        const item = certificateItem(pem, { source, ...facts }, read);
        if (item === null) onError(`${facts.reference}: its certificate is not readable`);
        else yield item;
      }
  } catch (error) {
    const isOff =
      error instanceof HttpStatusError &&
      error.status === 403 &&
      /SERVICE_DISABLED|has not been used/.test(error.message);
    if (!isOff) throw error;
    run.options?.onNote?.(`${service.host} is not enabled in ${project}`);
  }
}

function readPage(service: GoogleService, path: string, page: unknown): ReturnType<GoogleService['read']> {
  try {
    return service.read(page);
  } catch (cause) {
    throw new HostUnwellError(`${service.host}: GET ${path}: the answer is not as expected`, { cause });
  }
}

/** Google Cloud projects. */
export const google: ConnectorKind<typeof googleConfig> = {
  config: googleConfig,
  defaultName: ({ projects }) => projects.join(','),
  create: createGoogle,
};
