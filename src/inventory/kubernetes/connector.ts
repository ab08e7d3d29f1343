import type { RestClient } from '../../lib/http/rest-client.js';
import { HttpStatusError } from '../../lib/http/errors.js';
import type { InventoryItem } from '../../model/inventory-item.js';
import { distinct } from '../../lib/http/pages.js';
import type { Connector, ConnectorKind, ReadCertificate } from '../connector.js';
import { certificateItem } from '../rest/certificate-item.js';
import { session } from '../rest/session.js';
import { clusterAccess } from './access.js';
import { secretUsers } from './bindings.js';
import { certManagerItems, type CertManagerRun } from './cert-manager.js';
import { kubernetesConfig, type KubernetesConfig } from './config.js';
import { listResources } from './listing.js';
import { secret, signingRequest } from './resources.js';

/** Lists resources as the API concepts page says (limit, continue, 410): https://kubernetes.io/docs/reference/using-api/api-concepts/ */
function createKubernetes(config: KubernetesConfig, source: string, read: ReadCertificate): Connector {
  return {
    name: source,
    async *list(signal, onError, listing) {
      const { url, token, outbound } = await clusterAccess(config);
      const bearer: Record<string, string> = token === null ? {} : { authorization: `Bearer ${token}` };
      const options = {
        baseUrl: url,
        outbound,
        secrets: [token],
        authorize: () => ({ headers: () => Promise.resolve(bearer) }),
        maxBytes: 128_000_000,
      };
      yield* session(options, (rest) =>
        distinct(
          itemsOf(config, {
            source,
            rest,
            read,
            signal,
            onError,
            onNote: listing?.onNote ?? (() => undefined),
          }),
          referenceOf,
        ),
      );
    },
  };
}

function referenceOf({ reference }: InventoryItem): string {
  return reference;
}

interface Run extends Omit<CertManagerRun, 'users' | 'namespaces'> {
  readonly onNote: (sentence: string) => void;
}

async function* itemsOf(config: KubernetesConfig, run: Run): AsyncGenerator<InventoryItem, void, undefined> {
  const { namespaces } = config;
  const users = await secretUsers(run.rest, namespaces, run.signal);
  yield* certManagerItems({ ...run, users, namespaces });
  if (config.secrets) yield* secretItems({ ...run, users, namespaces });
  // They belong to no namespace: a Role for some namespaces cannot grant them.
  if (namespaces.length === 0) yield* signingRequestItems(run.rest, run);
}

async function* secretItems(run: CertManagerRun): AsyncGenerator<InventoryItem, void, undefined> {
  const query = { fieldSelector: 'type=kubernetes.io/tls' };
  const kind = { api: '/api/v1', plural: 'secrets', schema: secret, isNamespaced: true, query };
  for await (const { metadata, data } of listResources(run.rest, kind, run.namespaces, run.signal)) {
    const { namespace, name, labels, annotations } = metadata;
    const reference = `secret ${namespace}/${name}`;
    const byCertManager = annotations['cert-manager.io/certificate-name'];
    const facts = {
      source: run.source,
      reference,
      labels: {
        ...labels,
        namespace,
        ...(byCertManager === undefined ? {} : { certificate: byCertManager }),
      },
      inUseBy: run.users.get(`${namespace}/${name}`) ?? [],
    };
    const item = certificateItem(Buffer.from(data['tls.crt'], 'base64'), facts, run.read);
    if (item !== null) yield item;
    else run.onError(`${reference}: tls.crt holds no readable certificate`);
  }
}

async function* signingRequestItems(
  rest: RestClient,
  run: Run,
): AsyncGenerator<InventoryItem, void, undefined> {
  const kind = {
    api: '/apis/certificates.k8s.io/v1',
    plural: 'certificatesigningrequests',
    schema: signingRequest,
    isNamespaced: false,
  };
  try {
    for await (const { metadata, spec, status } of listResources(rest, kind, [], run.signal)) {
      if (status.certificate === '') continue;
      const reference = `certificatesigningrequest ${metadata.name}`;
      const facts = {
        source: run.source,
        reference,
        owner: spec.username === '' ? null : spec.username,
        labels: { ...metadata.labels, signer: spec.signerName },
      };
      const item = certificateItem(Buffer.from(status.certificate, 'base64'), facts, run.read);
      if (item !== null) yield item;
      else run.onError(`${reference}: its certificate is not readable`);
    }
  } catch (error) {
    if (!(error instanceof HttpStatusError) || error.status !== 403) throw error;
    run.onNote(`certificatesigningrequests cannot be listed: ${error.message}`);
  }
}

/** Kubernetes clusters. */
export const kubernetes: ConnectorKind<typeof kubernetesConfig> = {
  config: kubernetesConfig,
  defaultName: ({ access }) => {
    if (access.from === 'token') return new URL(access.url).host;
    return access.from === 'pod'
      ? 'pod'
      : `${access.path}${access.context === null ? '' : `#${access.context}`}`;
  },
  create: createKubernetes,
};
