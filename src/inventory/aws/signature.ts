import { createHash, createHmac } from 'node:crypto';
import type { OutgoingRequest } from '../../lib/http/rest-client.js';

/** Keys of an AWS principal. */
export interface AwsKeys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** Of temporary keys. */
  readonly sessionToken: string | null;
}

/**
 * Headers that sign a request (Signature Version 4, https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html).
 * The request's own headers are signed as well.
 */
export function signatureHeaders(
  { method, url, headers, body }: OutgoingRequest,
  { accessKeyId, secretAccessKey, sessionToken }: AwsKeys,
  region: string,
  service: string,
  now: Date,
): Readonly<Record<string, string>> {
  const stamp = now.toISOString().replace(/[-:]|\.\d{3}/g, '');
  const day = stamp.slice(0, 8);
  const added = {
    'x-amz-date': stamp,
    ...(sessionToken === null ? {} : { 'x-amz-security-token': sessionToken }),
  };
  const signed = new Map(
    Object.entries({ ...headers, ...added, host: url.host })
      .map(([name, value]) => [name.toLowerCase(), value.trim().replace(/ +/g, ' ')] as const)
      .filter(([name]) => name !== 'user-agent')
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
  const names = [...signed.keys()].join(';');
  const canonical = [
    method,
    url.pathname
      .split('/')
      .map((part) => encode(decodeURIComponent(part)))
      .join('/'),
    [...url.searchParams]
      .map(([name, value]) => `${encode(name)}=${encode(value)}`)
      .sort()
      .join('&'),
    ...[...signed].map(([name, value]) => `${name}:${value}`),
    '',
    names,
    createHash('sha256').update(body).digest('hex'),
  ].join('\n');
  const scope = `${day}/${region}/${service}/aws4_request`;
  const text = ['AWS4-HMAC-SHA256', stamp, scope, createHash('sha256').update(canonical).digest('hex')].join(
    '\n',
  );
  const key = [day, region, service, 'aws4_request'].reduce<Buffer | string>(
    (secret, part) => createHmac('sha256', secret).update(part).digest(),
    `AWS4${secretAccessKey}`,
  );
  const signature = createHmac('sha256', key).update(text).digest('hex');
  const authorization = `AWS4-HMAC-SHA256 Credential=${accessKeyId}/${scope}, SignedHeaders=${names}, Signature=${signature}`;
  return { ...added, authorization };
}

/** RFC 3986 unreserved characters stay, everything else is percent-encoded. */
function encode(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (one) => `%${one.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
