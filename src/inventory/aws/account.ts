import {
  createGuardedClient,
  type GuardedClient,
  type GuardedResponse,
} from '../../lib/http/guarded-client.js';
import { outboundRules } from '../../lib/http/config.js';
import { createRestClient, type RestClient } from '../../lib/http/rest-client.js';
import { patience } from '../rest/session.js';
import type { AwsConfig } from './config.js';
import { keysFromChain, keysOfXml, type ExpiringKeys } from './credentials.js';
import { signatureHeaders } from './signature.js';

/** One account for the time of one run: opens clients of its services. */
export interface AwsAccount {
  /** A client that signs for `service` in `region`. */
  client(service: 'acm' | 'iam', region: string): RestClient;
}

/** Opens the accounts of a configuration. Close the client when done; keys are fetched when they are first needed. */
export function openAccounts(config: AwsConfig): {
  readonly accounts: readonly AwsAccount[];
  close(): Promise<void>;
} {
  const client = createGuardedClient(outboundRules(config));
  const metadata = createGuardedClient({
    allowPrivate: false,
    allow: ['169.254.170.2', '169.254.169.254', 'fd00:ec2::254', '127.0.0.0/8', '169.254.170.23'],
    ports: null,
    ca: null,
  });
  const own = cached((signal) => ownKeys(config, client, metadata, signal));
  const roles = config.accounts.map((account) =>
    cached((signal) => assumedKeys(config, client, own, account, signal)),
  );
  const keySources = roles.length > 0 ? roles : [own];
  return {
    accounts: keySources.map((keys) => ({
      client: (service, region) => signing(config, client, keys, service, region),
    })),
    async close() {
      await Promise.all([client.close(), metadata.close()]);
    },
  };
}

type KeySource = (signal: AbortSignal) => Promise<ExpiringKeys>;

/** Renewed five minutes before they end. */
const marginMs = 300_000;

function cached(fetchKeys: KeySource): KeySource {
  let current: Promise<ExpiringKeys> | null = null;
  let expiresAt = Infinity;
  return async (signal) => {
    if (current === null || Date.now() > expiresAt - marginMs) {
      current = fetchKeys(signal);
      current.catch(() => (current = null));
    }
    const keys = await current;
    expiresAt = keys.expiresAt?.getTime() ?? Infinity;
    return keys;
  };
}

async function ownKeys(
  config: AwsConfig,
  client: GuardedClient,
  metadata: GuardedClient,
  signal: AbortSignal,
): Promise<ExpiringKeys> {
  const { credentials } = config;
  if (credentials.from === 'keys') {
    const { accessKeyId, secretAccessKey, sessionToken } = credentials;
    return { accessKeyId, secretAccessKey, sessionToken, expiresAt: null };
  }
  const stsUrl = addressOf(config, 'sts', config.regions[0] ?? 'us-east-1');
  return keysFromChain(
    { environment: process.env, profile: credentials.profile, client, metadata, stsUrl },
    signal,
  );
}

async function assumedKeys(
  config: AwsConfig,
  client: GuardedClient,
  own: KeySource,
  { roleArn, externalId }: AwsConfig['accounts'][number],
  signal: AbortSignal,
): Promise<ExpiringKeys> {
  const body = new URLSearchParams({
    Action: 'AssumeRole',
    Version: '2011-06-15',
    RoleArn: roleArn,
    RoleSessionName: 'certglass',
    ...(externalId === null ? {} : { ExternalId: externalId }),
  }).toString();
  const rest = signing(config, client, own, 'sts', config.regions[0] ?? 'us-east-1');
  const contentType = 'application/x-www-form-urlencoded';
  const answer = await rest.send(
    { method: 'POST', path: '/', body, contentType, isRepeatable: true },
    signal,
  );
  return keysOfXml(Buffer.from(answer.body).toString());
}

function signing(
  config: AwsConfig,
  client: GuardedClient,
  keys: KeySource,
  service: string,
  region: string,
): RestClient {
  // IAM is one service for all regions of a partition.
  const signedRegion = service === 'iam' ? (region.startsWith('cn-') ? 'cn-north-1' : 'us-east-1') : region;
  const { credentials } = config;
  return createRestClient({
    baseUrl: addressOf(config, service, region),
    client,
    retries: { ...patience.retries, isPassing: isThrottled },
    secrets: credentials.from === 'keys' ? [credentials.secretAccessKey, credentials.sessionToken] : [],
    authorization: {
      headers: async (request, signal) =>
        signatureHeaders(request, await keys(signal), signedRegion, service, new Date()),
    },
  });
}

/** AWS throttles with 400 and a type. */
function isThrottled({ status, body }: GuardedResponse): boolean {
  if (status !== 400) return false;
  return /Throttl|TooManyRequests|RequestLimitExceeded/.test(Buffer.from(body.subarray(0, 2_000)).toString());
}

function addressOf({ endpoint }: AwsConfig, service: string, region: string): string {
  if (endpoint !== null) return endpoint;
  const suffix = region.startsWith('cn-') ? 'amazonaws.com.cn' : 'amazonaws.com';
  return service === 'iam' && !region.startsWith('cn-')
    ? `https://iam.${suffix}`
    : `https://${service}.${region}.${suffix}`;
}
