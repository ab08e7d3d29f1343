import type { RestClient } from '../../lib/http/rest-client.js';
import {
  inventoryFacts,
  noIdentity,
  type InventoryItem,
  type InventoryRenewal,
} from '../../model/inventory-item.js';
import type { ReadCertificate } from '../connector.js';
import { certificateItem, type KnownFacts } from '../rest/certificate-item.js';
import { listResources } from './listing.js';
import { certificate, certificateRequest, type CertManagerCertificate, type Condition } from './resources.js';

const api = '/apis/cert-manager.io/v1';

/** What is needed to read cert-manager's resources. */
export interface CertManagerRun {
  readonly source: string;
  readonly rest: RestClient;
  readonly namespaces: readonly string[];
  readonly read: ReadCertificate;
  readonly users: ReadonlyMap<string, readonly string[]>;
  readonly signal: AbortSignal;
  readonly onError: (sentence: string) => void;
}

/**
 * Every Certificate with the certificate that its latest request brought, how renewal goes and what uses its secret. The certificate comes
 * from CertificateRequests, which hold no private keys.
 */
export async function* certManagerItems(run: CertManagerRun): AsyncGenerator<InventoryItem, void, undefined> {
  const { rest, namespaces, signal } = run;
  const issued = await latestRequests(run);
  const kind = { api, plural: 'certificates', schema: certificate, isNamespaced: true };
  for await (const one of listResources(rest, kind, namespaces, signal)) {
    const facts = factsOf(one, run);
    const pem = issued.get(`${one.metadata.namespace}/${one.metadata.name}`)?.pem ?? '';
    const item = pem === '' ? null : certificateItem(pem, facts, run.read);
    if (item !== null) yield item;
    else if (pem !== '') run.onError(`${facts.reference}: the certificate in its request is not readable`);
    // Nothing was issued yet, or the requests were deleted: without a failure there is nothing to say.
    else if (facts.renewal?.failedAt) yield { ...inventoryFacts(facts), ...noIdentity };
  }
}

interface Issued {
  readonly revision: number;
  readonly pem: string;
}

async function latestRequests({
  rest,
  namespaces,
  signal,
}: CertManagerRun): Promise<ReadonlyMap<string, Issued>> {
  const latest = new Map<string, Issued>();
  const kind = { api, plural: 'certificaterequests', schema: certificateRequest, isNamespaced: true };
  for await (const { metadata, status } of listResources(rest, kind, namespaces, signal)) {
    const name = metadata.annotations['cert-manager.io/certificate-name'];
    if (name === undefined || status.certificate === '') continue;
    const key = `${metadata.namespace}/${name}`;
    const revision = Number(metadata.annotations['cert-manager.io/certificate-revision'] ?? 0);
    if (revision >= (latest.get(key)?.revision ?? -1))
      latest.set(key, { revision, pem: decoded(status.certificate) });
  }
  return latest;
}

function decoded(base64: string): string {
  return Buffer.from(base64, 'base64').toString();
}

function factsOf(
  { metadata, spec, status }: CertManagerCertificate,
  { source, users }: CertManagerRun,
): KnownFacts {
  const { namespace, name, labels } = metadata;
  const names = spec.dnsNames.length > 0 ? spec.dnsNames : [spec.commonName].filter((one) => one !== '');
  const ready = status.conditions.find(({ type }) => type === 'Ready');
  return {
    source,
    reference: `certificate ${namespace}/${name}`,
    names: names.slice(0, 100),
    labels: { ...labels, namespace, issuer: `${spec.issuerRef.kind} ${spec.issuerRef.name}` },
    status:
      ready === undefined
        ? null
        : `${ready.status === 'True' ? 'Ready' : 'Not ready'} ${ready.reason}`.trim(),
    inUseBy: users.get(`${namespace}/${spec.secretName}`) ?? [],
    renewal: renewalOf(status, ready),
  };
}

/** A failure stands until an issuance succeeds: cert-manager then clears lastFailureTime. */
function renewalOf(
  { renewalTime, lastFailureTime, failedIssuanceAttempts, conditions }: CertManagerCertificate['status'],
  ready: Condition | undefined,
): InventoryRenewal {
  const issuing = conditions.find(({ type, reason }) => type === 'Issuing' && reason === 'Failed');
  const message = issuing?.message ?? (ready?.status === 'False' ? ready.message : '');
  const failedAt = lastFailureTime === null ? null : new Date(lastFailureTime);
  return {
    isAutomatic: true,
    dueAt: renewalTime === null ? null : new Date(renewalTime),
    failedAt,
    failures: failedIssuanceAttempts,
    message: failedAt === null || message === '' ? null : message.slice(0, 500),
  };
}
