import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import type { GuardedClient } from '../../lib/http/guarded-client.js';
import { createRestClient } from '../../lib/http/rest-client.js';
import { HostUnwellError } from '../../lib/http/errors.js';
import type { AwsKeys } from './signature.js';
import { elementText } from './xml.js';

/** Keys and until when they are good; null: for ever. */
export interface ExpiringKeys extends AwsKeys {
  readonly expiresAt: Date | null;
}

/** What the chain of credentials works with. */
export interface CredentialSources {
  readonly environment: NodeJS.ProcessEnv;
  readonly profile: string | null;
  /** For the security token service, under the source's own rules. */
  readonly client: GuardedClient;
  /** Opens a client that may reach the metadata services of containers and instances, and nothing else. */
  readonly metadata: GuardedClient;
  readonly stsUrl: string;
}

/**
 * Keys by the order of the AWS command line: environment, web identity, profile, container, instance metadata version 2
 * (https://docs.aws.amazon.com/sdkref/latest/guide/standardized-credentials.html). Throws one sentence when nothing has any.
 */
export async function keysFromChain(sources: CredentialSources, signal: AbortSignal): Promise<ExpiringKeys> {
  const { environment, profile } = sources;
  const { AWS_ACCESS_KEY_ID: id, AWS_SECRET_ACCESS_KEY: secret, AWS_SESSION_TOKEN: token } = environment;
  if (profile === null && id && secret)
    return { accessKeyId: id, secretAccessKey: secret, sessionToken: token ?? null, expiresAt: null };
  const { AWS_WEB_IDENTITY_TOKEN_FILE: tokenFile, AWS_ROLE_ARN: roleArn } = environment;
  if (profile === null && tokenFile && roleArn) return keysByWebIdentity(sources, tokenFile, roleArn, signal);
  const fromFile = await keysOfProfile(environment, profile ?? environment['AWS_PROFILE'] ?? 'default');
  if (fromFile !== null) return fromFile;
  if (profile !== null)
    throw new Error(`the profile ${profile} has no access key in the AWS credentials file`);
  return (await keysOfContainer(sources, signal)) ?? keysOfInstance(sources, signal);
}

async function keysByWebIdentity(
  { environment, client, stsUrl }: CredentialSources,
  tokenFile: string,
  roleArn: string,
  signal: AbortSignal,
): Promise<ExpiringKeys> {
  const token = (await readFile(tokenFile, 'utf8')).trim();
  const rest = createRestClient({ baseUrl: stsUrl, client, secrets: [token] });
  const body = new URLSearchParams({
    Action: 'AssumeRoleWithWebIdentity',
    Version: '2011-06-15',
    RoleArn: roleArn,
    RoleSessionName: environment['AWS_ROLE_SESSION_NAME'] ?? 'certglass',
    WebIdentityToken: token,
  }).toString();
  const contentType = 'application/x-www-form-urlencoded';
  const answer = await rest.send(
    { method: 'POST', path: '/', body, contentType, isRepeatable: true },
    signal,
  );
  return keysOfXml(Buffer.from(answer.body).toString());
}

/** The Credentials element of an answer of the security token service. Throws HostUnwellError when it holds none. */
export function keysOfXml(xml: string): ExpiringKeys {
  const accessKeyId = elementText(xml, 'AccessKeyId');
  const secretAccessKey = elementText(xml, 'SecretAccessKey');
  if (accessKeyId === null || secretAccessKey === null)
    throw new HostUnwellError('the security token service answered without credentials');
  const expiration = elementText(xml, 'Expiration');
  return {
    accessKeyId,
    secretAccessKey,
    sessionToken: elementText(xml, 'SessionToken'),
    expiresAt: expiration === null ? null : new Date(expiration),
  };
}

/** [profile] sections of the shared credentials file. */
async function keysOfProfile(environment: NodeJS.ProcessEnv, profile: string): Promise<ExpiringKeys | null> {
  const path = environment['AWS_SHARED_CREDENTIALS_FILE'] ?? join(homedir(), '.aws', 'credentials');
  const text = await readFile(path, 'utf8').catch(() => '');
  let section = '';
  const settings = new Map<string, string>();
  for (const line of text.split(/\r?\n/)) {
    const name = /^\s*\[\s*(?:profile\s+)?([^\]]+?)\s*\]/.exec(line)?.[1];
    if (name !== undefined) section = name;
    const [, key, value] = /^\s*([\w_]+)\s*=\s*(.*?)\s*$/.exec(line) ?? [];
    if (section === profile && key !== undefined && value !== undefined) settings.set(key, value);
  }
  const id = settings.get('aws_access_key_id');
  const secret = settings.get('aws_secret_access_key');
  if (id === undefined || secret === undefined) return null;
  return {
    accessKeyId: id,
    secretAccessKey: secret,
    sessionToken: settings.get('aws_session_token') ?? null,
    expiresAt: null,
  };
}

const metadataKeys = z.object({
  AccessKeyId: z.string(),
  SecretAccessKey: z.string(),
  Token: z.string(),
  Expiration: z.iso.datetime({ offset: true }),
});

function fromMetadata(keys: z.infer<typeof metadataKeys>): ExpiringKeys {
  return {
    accessKeyId: keys.AccessKeyId,
    secretAccessKey: keys.SecretAccessKey,
    sessionToken: keys.Token,
    expiresAt: new Date(keys.Expiration),
  };
}

/** Address of the metadata service of containers. */
const containerUrl = 'http://169.254.170.2';
/** Address of the metadata service of instances. */
const instanceUrl = 'http://169.254.169.254';

async function keysOfContainer(
  { environment, metadata }: CredentialSources,
  signal: AbortSignal,
): Promise<ExpiringKeys | null> {
  const path = environment['AWS_CONTAINER_CREDENTIALS_RELATIVE_URI'];
  const full = environment['AWS_CONTAINER_CREDENTIALS_FULL_URI'];
  if (!path && !full) return null;
  const url = new URL(full ?? `${containerUrl}${path ?? ''}`);
  const file = environment['AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE'];
  const token = file
    ? (await readFile(file, 'utf8')).trim()
    : environment['AWS_CONTAINER_AUTHORIZATION_TOKEN'];
  const headers: Record<string, string> = token ? { authorization: token } : {};
  const rest = createRestClient({ baseUrl: url.origin, client: metadata, secrets: [token ?? null] });
  return fromMetadata(await rest.json(metadataKeys, { path: url.pathname + url.search, headers }, signal));
}

async function keysOfInstance(
  { environment, metadata }: CredentialSources,
  signal: AbortSignal,
): Promise<ExpiringKeys> {
  const baseUrl = environment['AWS_EC2_METADATA_SERVICE_ENDPOINT'] ?? instanceUrl;
  const retries = { attempts: 1, baseMs: 1_000, maxWaitMs: 1_000 };
  const rest = createRestClient({ baseUrl, client: metadata, retries, timeoutMs: 2_000 });
  try {
    const ttl = { 'x-aws-ec2-metadata-token-ttl-seconds': '300' };
    const session = await rest.send({ method: 'PUT', path: '/latest/api/token', headers: ttl }, signal);
    const headers = { 'x-aws-ec2-metadata-token': Buffer.from(session.body).toString() };
    const path = '/latest/meta-data/iam/security-credentials/';
    const role = Buffer.from((await rest.send({ path, headers }, signal)).body)
      .toString()
      .trim();
    return fromMetadata(
      await rest.json(metadataKeys, { path: path + encodeURIComponent(role), headers }, signal),
    );
  } catch (cause) {
    signal.throwIfAborted();
    throw new Error(
      'there are no AWS credentials: none in the environment, in a profile, or from instance metadata; see `credentials`',
      { cause },
    );
  }
}
