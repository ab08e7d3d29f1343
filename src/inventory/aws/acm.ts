import pLimit from 'p-limit';
import { z } from 'zod';
import { HttpStatusError } from '../../lib/http/errors.js';
import { pages } from '../../lib/http/pages.js';
import type { RestClient } from '../../lib/http/rest-client.js';
import type { InventoryFacts, InventoryItem, InventoryRenewal } from '../../model/inventory-item.js';
import type { ListOptions, ReadCertificate } from '../connector.js';
import { certificateItem } from '../rest/certificate-item.js';
import { readEach } from '../rest/read-each.js';

/** What is needed to read one region of one account. */
export interface AwsRun {
  readonly source: string;
  readonly rest: RestClient;
  readonly read: ReadCertificate;
  readonly signal: AbortSignal;
  readonly onError: (sentence: string) => void;
  readonly options: ListOptions | undefined;
}

/** The default listing shows RSA of 1024 and 2048 bits only: without all of these every ECDSA certificate would look unmanaged. */
const everything = {
  keyTypes: ['RSA_1024', 'RSA_2048', 'RSA_3072', 'RSA_4096', 'EC_prime256v1', 'EC_secp384r1', 'EC_secp521r1'],
};

/** Seconds since 1970, as ACM's JSON has it. */
const time = z.number().optional();

const listing = z.object({
  NextToken: z.string().nullish(),
  CertificateSummaryList: z.array(
    z.object({
      CertificateArn: z.string(),
      Status: z.string().optional(),
      Type: z.string().optional(),
      NotAfter: time,
    }),
  ),
});
const description = z.object({
  Certificate: z.object({
    DomainName: z.string().optional(),
    SubjectAlternativeNames: z.array(z.string()).default([]),
    Status: z.string().optional(),
    Type: z.string().optional(),
    InUseBy: z.array(z.string()).default([]),
    RenewalEligibility: z.string().optional(),
    RenewalSummary: z
      .object({ RenewalStatus: z.string(), RenewalStatusReason: z.string().optional(), UpdatedAt: time })
      .optional(),
  }),
});
const content = z.object({ Certificate: z.string() });

type Summary = z.infer<typeof listing>['CertificateSummaryList'][number];
/** DescribeCertificate and GetCertificate are limited to 10 requests a second in an account and region. */
const concurrency = 4;
/** Certificates of these states were never issued, so there is none to get. */
const withoutCertificate: ReadonlySet<string> = new Set([
  'PENDING_VALIDATION',
  'VALIDATION_TIMED_OUT',
  'FAILED',
]);

/**
 * ListCertificates, then DescribeCertificate for use and renewal, and GetCertificate for what is not known yet
 * (https://docs.aws.amazon.com/acm/latest/APIReference/).
 */
export async function* acmItems(run: AwsRun): AsyncGenerator<InventoryItem, void, undefined> {
  const limit = pLimit(concurrency);
  for await (const { CertificateSummaryList } of summaries(run)) {
    const issued = CertificateSummaryList.filter(({ Status }) => !withoutCertificate.has(Status ?? ''));
    const entries = await Promise.all(
      issued.map((summary) =>
        limit(async () => ({
          arn: summary.CertificateArn,
          reference: referenceOf(summary),
          facts: await factsOf(summary, run),
        })),
      ),
    );
    yield* readEach(
      entries,
      {
        ...run,
        concurrency,
        isGone,
        async fetch({ arn, reference, facts }, signal) {
          const { Certificate } = await call(
            run.rest,
            'GetCertificate',
            { CertificateArn: arn },
            content,
            signal,
          );
          return certificateItem(Certificate, { source: run.source, reference, ...facts }, run.read);
        },
      },
      run.signal,
    );
  }
}

function summaries({ rest, signal }: AwsRun) {
  return pages(
    {
      first: null as string | null,
      fetch: (token) =>
        call(
          rest,
          'ListCertificates',
          { Includes: everything, MaxItems: 100, ...(token === null ? {} : { NextToken: token }) },
          listing,
          signal,
        ),
      next: ({ NextToken }) => NextToken ?? null,
    },
    signal,
  );
}

/** An ARN stays when a certificate is renewed: its end tells which one it names. */
function referenceOf({ CertificateArn, NotAfter }: Summary): string {
  return NotAfter === undefined
    ? CertificateArn
    : `${CertificateArn} until ${new Date(NotAfter * 1_000).toISOString()}`;
}

async function factsOf(
  { CertificateArn, Type }: Summary,
  { rest, signal }: AwsRun,
): Promise<Partial<InventoryFacts>> {
  try {
    const { Certificate } = await call(rest, 'DescribeCertificate', { CertificateArn }, description, signal);
    const [, , , region = '', account = ''] = CertificateArn.split(':');
    return {
      names: [...new Set([Certificate.DomainName ?? '', ...Certificate.SubjectAlternativeNames])]
        .filter((name) => name !== '')
        .slice(0, 100),
      inUseBy: Certificate.InUseBy.slice(0, 200),
      status: Certificate.Status ?? null,
      labels: { account, region, type: Certificate.Type ?? Type ?? '' },
      renewal: renewalOf(Certificate),
    };
  } catch (error) {
    // Deleted since it was listed; getting it will say so.
    if (error instanceof HttpStatusError && isGone(error)) return {};
    throw error;
  }
}

function isGone({ message }: HttpStatusError): boolean {
  return message.includes('ResourceNotFoundException');
}

function renewalOf({
  Type,
  RenewalEligibility,
  RenewalSummary,
}: z.infer<typeof description>['Certificate']): InventoryRenewal {
  const isFailed = RenewalSummary?.RenewalStatus === 'FAILED';
  const at = RenewalSummary?.UpdatedAt;
  return {
    isAutomatic: Type !== 'IMPORTED' && RenewalEligibility !== 'INELIGIBLE',
    dueAt: null,
    failedAt: isFailed && at !== undefined ? new Date(at * 1_000) : null,
    failures: null,
    message: isFailed ? (RenewalSummary.RenewalStatusReason ?? 'FAILED') : null,
  };
}

/** One call of the JSON protocol. All of these only read, so they may be sent again. */
function call<Schema extends z.ZodType>(
  rest: RestClient,
  action: string,
  json: unknown,
  schema: Schema,
  signal: AbortSignal,
): Promise<z.infer<Schema>> {
  return rest.json(
    schema,
    {
      method: 'POST',
      path: '/',
      json,
      isRepeatable: true,
      headers: {
        'content-type': 'application/x-amz-json-1.1',
        'x-amz-target': `CertificateManager.${action}`,
      },
    },
    signal,
  );
}
