import { HostUnwellError } from '../../lib/http/errors.js';
import { pages } from '../../lib/http/pages.js';
import type { InventoryItem } from '../../model/inventory-item.js';
import { certificateItem } from '../rest/certificate-item.js';
import { readEach } from '../rest/read-each.js';
import type { AwsRun } from './acm.js';
import { elements, elementText } from './xml.js';

/**
 * ListServerCertificates and GetServerCertificate (https://docs.aws.amazon.com/IAM/latest/APIReference/): certificates
 * that older load balancers use, and that ACM does not know.
 */
export async function* iamItems(run: AwsRun): AsyncGenerator<InventoryItem, void, undefined> {
  const listing = pages(
    {
      first: null as string | null,
      fetch: (marker) =>
        call(run, {
          Action: 'ListServerCertificates',
          MaxItems: '100',
          ...(marker === null ? {} : { Marker: marker }),
        }),
      next: (xml) => (elementText(xml, 'IsTruncated') === 'true' ? elementText(xml, 'Marker') : null),
    },
    run.signal,
  );
  for await (const xml of listing) {
    const entries = elements(elements(xml, 'ServerCertificateMetadataList')[0] ?? '', 'member').map(
      (member) => ({
        name: elementText(member, 'ServerCertificateName') ?? '',
        // A new upload has a new id, whatever its name.
        reference: `${elementText(member, 'Arn') ?? ''} ${elementText(member, 'ServerCertificateId') ?? ''}`,
      }),
    );
    yield* readEach(
      entries,
      {
        ...run,
        concurrency: 4,
        async fetch({ name, reference }) {
          const answer = await call(run, { Action: 'GetServerCertificate', ServerCertificateName: name });
          const body = elementText(answer, 'CertificateBody') ?? '';
          const account = reference.split(':')[4] ?? '';
          return certificateItem(
            body,
            { source: run.source, reference, labels: { account, type: 'IAM' } },
            run.read,
          );
        },
      },
      run.signal,
    );
  }
}

async function call({ rest, signal }: AwsRun, form: Readonly<Record<string, string>>): Promise<string> {
  const body = new URLSearchParams({ ...form, Version: '2010-05-08' }).toString();
  const contentType = 'application/x-www-form-urlencoded';
  const answer = await rest.send(
    { method: 'POST', path: '/', body, contentType, isRepeatable: true },
    signal,
  );
  const xml = Buffer.from(answer.body).toString();
  if (!xml.includes(`<${form['Action']}Response`))
    throw new HostUnwellError(`IAM answered something other than ${form['Action']}Response`);
  return xml;
}
