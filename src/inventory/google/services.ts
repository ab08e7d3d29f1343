import { z } from 'zod';
import type { InventoryRenewal } from '../../model/inventory-item.js';
import type { KnownFacts } from '../rest/certificate-item.js';

/** One API that lists certificates whole. */
export interface GoogleService {
  readonly host: string;
  path(project: string): string;
  readonly query: Readonly<Record<string, string | number>>;
  /** Reads one page. */
  read(page: unknown): { readonly listed: readonly Listed[]; readonly nextPageToken: string | null };
}

/** A certificate, and what is said of it. */
export interface Listed {
  readonly pem: string;
  readonly facts: Omit<KnownFacts, 'source'>;
}

const token = z.string().nullish();
const labels = z.record(z.string(), z.string()).default({});

const managerPage = z.object({
  nextPageToken: token,
  certificates: z
    .array(
      z.object({
        name: z.string(),
        pemCertificate: z.string().default(''),
        sanDnsnames: z.array(z.string()).default([]),
        labels,
        usedBy: z.array(z.object({ name: z.string() })).default([]),
        managed: z
          .object({
            state: z.string().default(''),
            provisioningIssue: z
              .object({ reason: z.string().default(''), details: z.string().default('') })
              .nullish(),
            authorizationAttemptInfo: z
              .array(
                z.object({
                  domain: z.string().default(''),
                  state: z.string().default(''),
                  failureReason: z.string().default(''),
                  details: z.string().default(''),
                  attemptTime: z.string().nullish(),
                }),
              )
              .default([]),
          })
          .nullish(),
      }),
    )
    .default([]),
});
type Managed = z.infer<typeof managerPage>['certificates'][number]['managed'];

/** https://cloud.google.com/certificate-manager/docs/reference/certificate-manager/rest/v1/projects.locations.certificates */
const certificateManager: GoogleService = {
  host: 'certificatemanager.googleapis.com',
  path: (project) => `/v1/projects/${project}/locations/-/certificates`,
  query: { pageSize: 100 },
  read(page) {
    const { certificates, nextPageToken } = managerPage.parse(page);
    const listed = certificates.map((one) => ({
      pem: one.pemCertificate,
      facts: {
        reference: one.name,
        names: one.sanDnsnames,
        labels: one.labels,
        inUseBy: one.usedBy.map(({ name }) => name).slice(0, 200),
        status: one.managed?.state || null,
        renewal: renewalOf(one.managed),
      },
    }));
    return { listed, nextPageToken: nextPageToken || null };
  },
};

function renewalOf(managed: Managed): InventoryRenewal {
  const attempts = (managed?.authorizationAttemptInfo ?? []).filter(({ state }) => state === 'FAILED');
  const [attempt] = attempts;
  const issue = managed?.provisioningIssue;
  const reason =
    attempt === undefined
      ? issue && `${issue.reason} ${issue.details}`
      : `${attempt.domain}: ${attempt.failureReason} ${attempt.details}`;
  const isFailing = attempt !== undefined || (issue !== undefined && issue !== null);
  const at = attempt?.attemptTime;
  return {
    isAutomatic: managed !== undefined && managed !== null,
    dueAt: null,
    failedAt: isFailing ? (at ? new Date(at) : new Date()) : null,
    failures: isFailing ? Math.max(attempts.length, 1) : null,
    message: reason ? reason.trim().slice(0, 500) : null,
  };
}

const computePage = z.object({
  nextPageToken: token,
  items: z
    .record(
      z.string(),
      z.object({
        sslCertificates: z
          .array(
            z.object({
              selfLink: z.string(),
              certificate: z.string().default(''),
              type: z.string().default(''),
              subjectAlternativeNames: z.array(z.string()).default([]),
              managed: z.object({ status: z.string().default('') }).nullish(),
            }),
          )
          .default([]),
      }),
    )
    .default({}),
});

/** https://cloud.google.com/compute/docs/reference/rest/v1/sslCertificates/aggregatedList */
const loadBalancer: GoogleService = {
  host: 'compute.googleapis.com',
  path: (project) => `/compute/v1/projects/${project}/aggregated/sslCertificates`,
  query: { maxResults: 500 },
  read(page) {
    const { items, nextPageToken } = computePage.parse(page);
    const listed = Object.values(items).flatMap(({ sslCertificates }) =>
      sslCertificates.map((one) => ({
        pem: one.certificate,
        facts: {
          reference: one.selfLink.replace(/^.*\/compute\/v1\//, ''),
          ...(one.subjectAlternativeNames.length > 0 ? { names: one.subjectAlternativeNames } : {}),
          labels: { type: one.type },
          status: one.managed?.status || null,
        },
      })),
    );
    return { listed, nextPageToken: nextPageToken || null };
  },
};

const authorityPage = z.object({
  nextPageToken: token,
  certificates: z
    .array(
      z.object({
        name: z.string(),
        pemCertificate: z.string().default(''),
        labels,
        revocationDetails: z.object({ revocationState: z.string().default('REVOKED') }).nullish(),
      }),
    )
    .default([]),
});

/** https://cloud.google.com/certificate-authority-service/docs/reference/rest/v1/projects.locations.caPools.certificates/list */
const caService: GoogleService = {
  host: 'privateca.googleapis.com',
  path: (project) => `/v1/projects/${project}/locations/-/caPools/-/certificates`,
  query: { pageSize: 500 },
  read(page) {
    const { certificates, nextPageToken } = authorityPage.parse(page);
    const listed = certificates.map(({ name, pemCertificate, labels: said, revocationDetails }) => ({
      pem: pemCertificate,
      facts: {
        reference: name,
        labels: said,
        status:
          revocationDetails === undefined || revocationDetails === null
            ? 'issued'
            : `revoked ${revocationDetails.revocationState}`,
      },
    }));
    return { listed, nextPageToken: nextPageToken || null };
  },
};

/** By the name that the configuration gives it. */
export const googleServices: Readonly<
  Record<'certificate-manager' | 'load-balancer' | 'ca-service', GoogleService>
> = {
  'certificate-manager': certificateManager,
  'load-balancer': loadBalancer,
  'ca-service': caService,
};
