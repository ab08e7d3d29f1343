import { z } from 'zod';
import { HttpStatusError } from '../../lib/http/errors.js';
import type { RestClient } from '../../lib/http/rest-client.js';
import type { InventoryItem } from '../../model/inventory-item.js';
import type { Connector, ConnectorKind, ListOptions, ReadCertificate } from '../connector.js';
import { certificateItem } from '../rest/certificate-item.js';
import { batches, readEach } from '../rest/read-each.js';
import { session } from '../rest/session.js';
import { vaultConfig, type VaultConfig } from './config.js';
import { secretsOf, vaultAuthorization } from './sign-in.js';

const mounts = z.object({ data: z.record(z.string(), z.unknown()) });
const mountFacts = z.object({ type: z.string() });
const keys = z.object({ data: z.object({ keys: z.array(z.string()) }) });
const certificate = z.object({
  data: z.object({ certificate: z.string(), revocation_time: z.number().default(0) }),
});
const role = z.object({ data: z.object({ no_store: z.boolean().default(false) }) });

/** Serial numbers looked up at once. */
const batchSize = 500;
const concurrency = 8;

interface Run {
  readonly source: string;
  readonly rest: RestClient;
  readonly read: ReadCertificate;
  readonly signal: AbortSignal;
  readonly onError: (sentence: string) => void;
  readonly options: ListOptions | undefined;
}

/**
 * Lists every certificate that the PKI engines store (GET ?list=true of MOUNT/certs, GET MOUNT/cert/SERIAL), with whether it is revoked.
 * Roles that store nothing leave no trace: they are noted. https://developer.hashicorp.com/vault/api-docs/secret/pki
 */
function createVault(config: VaultConfig, source: string, read: ReadCertificate): Connector {
  return {
    name: source,
    list(signal, onError, options) {
      return session(
        {
          baseUrl: config.url,
          outbound: config,
          secrets: secretsOf(config),
          authorize: (client) => vaultAuthorization(config, client),
          // One answer holds every serial number: a million of them have 60 MB.
          maxBytes: 128_000_000,
        },
        async function* (rest) {
          const run: Run = { source, rest, read, signal, onError, options };
          for (const mount of await mountsOf(config, run)) yield* itemsOf(mount, run);
        },
      );
    },
  };
}

async function mountsOf(config: VaultConfig, { rest, signal }: Run): Promise<readonly string[]> {
  if (config.mounts.length > 0) return config.mounts.map((path) => path.replace(/^\/|\/$/g, ''));
  const { data } = await rest.json(mounts, { path: '/v1/sys/mounts' }, signal);
  return Object.entries(data)
    .filter(([, facts]) => mountFacts.safeParse(facts).data?.type === 'pki')
    .map(([path]) => path.replace(/\/$/, ''));
}

async function* itemsOf(mount: string, run: Run): AsyncGenerator<InventoryItem, void, undefined> {
  await noteRoles(mount, run);
  const revoked = new Set(await serialsAt(`${mount}/certs/revoked`, run));
  for (const batch of batches(await serialsAt(`${mount}/certs`, run), batchSize)) {
    const entries = batch.map((serial) => ({
      serial,
      reference: `${mount}/cert/${serial}`,
      facts: { status: revoked.has(serial) ? 'revoked' : 'issued' },
    }));
    yield* readEach(
      entries,
      {
        ...run,
        concurrency,
        async fetch({ reference, facts }, signal) {
          const { data } = await run.rest.json(certificate, { path: `/v1/${reference}` }, signal);
          const status = data.revocation_time > 0 ? 'revoked' : facts.status;
          return certificateItem(data.certificate, { source: run.source, reference, status }, run.read);
        },
      },
      run.signal,
    );
  }
}

/** Serial numbers of a list; Vault answers 404 to an empty one. */
async function serialsAt(path: string, { rest, signal }: Run): Promise<readonly string[]> {
  try {
    return (await rest.json(keys, { path: `/v1/${path}`, query: { list: true } }, signal)).data.keys;
  } catch (error) {
    if (error instanceof HttpStatusError && error.status === 404) return [];
    throw error;
  }
}

/** Certificates of a role with `no_store` cannot be listed; the operator should know which. */
async function noteRoles(mount: string, run: Run): Promise<void> {
  try {
    for (const name of await serialsAt(`${mount}/roles`, run)) {
      const { data } = await run.rest.json(
        role,
        { path: `/v1/${mount}/roles/${encodeURIComponent(name)}` },
        run.signal,
      );
      if (data.no_store)
        run.options?.onNote?.(
          `${mount}/roles/${name} stores no certificates (no_store): they cannot be listed`,
        );
    }
  } catch (error) {
    if (!(error instanceof HttpStatusError)) throw error;
    run.options?.onNote?.(`${mount}/roles cannot be read: whether roles store no certificates is not known`);
  }
}

/** HashiCorp Vault and OpenBao. */
export const vault: ConnectorKind<typeof vaultConfig> = {
  config: vaultConfig,
  defaultName: ({ url }) => new URL(url).host,
  create: createVault,
};
