import { join } from 'node:path';
import { inventoryFacts, type InventoryItem, type InventoryRenewal } from '../../model/inventory-item.js';
import type { Certificate } from '../../model/certificate.js';
import type { Connector, ConnectorKind, ReadCertificate } from '../connector.js';
import { certificatesIn, type FileReading } from '../reading/certificate-file.js';
import { reportTo, type Report } from '../reading/report.js';
import { itemOf } from '../reading/row.js';
import { sentence } from '../reading/sentence.js';
import { walk, type FoundFile } from '../reading/walk.js';
import { failuresIn, type LoggedFailure } from './certbot-log.js';
import { acmeClientConfig, type AcmeClientConfig } from './config.js';
import { layouts, type ClientState } from './state.js';

/** Reads leaf certificates only: chains beside them are the CA's, and private keys are nobody's business. */
function createAcmeClient(config: AcmeClientConfig, source: string, read: ReadCertificate): Connector {
  return {
    name: source,
    async *list(signal, onError, options) {
      const report = reportTo(onError, options);
      const failures = await loggedFailures(config.log, report);
      let items = 0;
      // certbot's archive holds older versions of what live/ points to.
      const root = config.client === 'certbot' ? join(config.path, 'live') : config.path;
      for await (const file of walk(root, { recursive: true, ignore: [] }, signal, report)) {
        const reading: FileReading = { read, passwords: [], report };
        try {
          for await (const item of itemsOfFile(config, source, file, reading, failures, signal)) {
            items += 1;
            yield item;
          }
        } catch (error) {
          signal.throwIfAborted();
          report.error(sentence(file.path, error));
        }
      }
      if (items === 0) onError(sentence(config.path, `holds no certificate of ${config.client}`));
    },
  };
}

async function loggedFailures(
  path: string | null,
  report: Report,
): Promise<ReadonlyMap<string, LoggedFailure>> {
  if (path === null) return new Map();
  try {
    return await failuresIn(path);
  } catch (error) {
    report.error(sentence(path, error));
    return new Map();
  }
}

async function* itemsOfFile(
  { client }: AcmeClientConfig,
  source: string,
  file: FoundFile,
  reading: FileReading,
  failures: ReadonlyMap<string, LoggedFailure>,
  signal: AbortSignal,
): AsyncGenerator<InventoryItem, void, undefined> {
  if (client === 'traefik') return yield* traefikItems(source, file, reading, signal);
  const { isLeaf, stateOf } = layouts[client];
  if (!isLeaf(file.path)) return;
  const state = await stateOf(file.path);
  for await (const { certificate } of certificatesIn({ ...file, named: true }, reading, signal)) {
    const renewal = failed(state, failures.get(file.path.split('/').at(-2) ?? ''), certificate);
    yield itemOf(
      certificate,
      inventoryFacts({ source, reference: file.path, ...about(client, certificate, state), renewal }),
    );
    // A chain may follow in the same file.
    return;
  }
}

/** acme.json holds, for each certificate, leaf and chain in one text: the first of each place is the leaf. */
async function* traefikItems(
  source: string,
  file: FoundFile,
  reading: FileReading,
  signal: AbortSignal,
): AsyncGenerator<InventoryItem, void, undefined> {
  const places = new Set<string>();
  for await (const { certificate, place } of certificatesIn({ ...file, named: true }, reading, signal)) {
    if (places.has(place)) continue;
    places.add(place);
    yield itemOf(
      certificate,
      inventoryFacts({ source, reference: place, ...about('traefik', certificate, null) }),
    );
  }
}

function about(client: string, { names }: Certificate, state: ClientState | null) {
  return { names: names.slice(0, 100), labels: { client, ...state?.labels } };
}

/** A failure that came after the certificate was issued; an earlier one was got over. */
function failed(
  state: ClientState | null,
  failure: LoggedFailure | undefined,
  { notBefore }: Certificate,
): InventoryRenewal | null {
  const renewal = state?.renewal ?? null;
  const isCurrent = failure !== undefined && (notBefore === null || failure.at > notBefore);
  if (!isCurrent) return renewal;
  const known = renewal ?? { isAutomatic: null, dueAt: null, failures: null };
  return { ...known, failures: null, failedAt: failure.at, message: failure.message };
}

/** Programs that get certificates by ACME. */
export const acmeClient: ConnectorKind<typeof acmeClientConfig> = {
  config: acmeClientConfig,
  defaultName: ({ client, path }) => `${client}:${path}`,
  create: createAcmeClient,
};
