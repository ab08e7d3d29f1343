import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import type { OutboundConfig } from '../../lib/http/config.js';
import type { KubernetesConfig } from './config.js';

/** How the API server is reached. */
export interface ClusterAccess {
  readonly url: string;
  /** Read anew for each run: service account tokens are rotated. null: the client certificate alone. */
  readonly token: string | null;
  readonly outbound: OutboundConfig;
}

const account = '/var/run/secrets/kubernetes.io/serviceaccount';

/** Reads what the configuration points to. Throws one sentence when something is missing. */
export async function clusterAccess(
  config: KubernetesConfig,
  environment: NodeJS.ProcessEnv = process.env,
): Promise<ClusterAccess> {
  const { access } = config;
  if (access.from === 'token') return { url: access.url, token: access.token, outbound: config };
  if (access.from === 'kubeconfig') return fromKubeconfig(access.path, access.context, config);
  const { KUBERNETES_SERVICE_HOST: host, KUBERNETES_SERVICE_PORT: port = '443' } = environment;
  if (host === undefined || host === '')
    throw new Error(
      'this is no pod (KUBERNETES_SERVICE_HOST is not set); set `access` to a kubeconfig or a token',
    );
  return {
    url: `https://${host.includes(':') ? `[${host}]` : host}:${port}`,
    token: (await readFile(`${account}/token`, 'utf8')).trim(),
    outbound: { ...config, ca: config.ca ?? (await readFile(`${account}/ca.crt`, 'utf8')) },
  };
}

const text = z.string().optional();
const kubeconfig = z.object({
  'current-context': text,
  contexts: z.array(
    z.object({ name: z.string(), context: z.object({ cluster: z.string(), user: z.string() }) }),
  ),
  clusters: z.array(
    z.object({
      name: z.string(),
      cluster: z.object({
        server: z.string(),
        'certificate-authority': text,
        'certificate-authority-data': text,
      }),
    }),
  ),
  users: z.array(
    z.object({
      name: z.string(),
      user: z.object({
        token: text,
        tokenFile: text,
        'client-certificate': text,
        'client-certificate-data': text,
        'client-key': text,
        'client-key-data': text,
        exec: z.unknown().optional(),
      }),
    }),
  ),
});

/** https://kubernetes.io/docs/concepts/configuration/organize-cluster-access-kubeconfig/ */
async function fromKubeconfig(
  path: string,
  wanted: string | null,
  config: KubernetesConfig,
): Promise<ClusterAccess> {
  const read = kubeconfig.safeParse(parse(await readFile(path, 'utf8')));
  if (!read.success) throw new Error(`${path} is no kubeconfig`);
  const name = wanted ?? read.data['current-context'];
  const context = read.data.contexts.find((one) => one.name === name)?.context;
  const cluster = read.data.clusters.find((one) => one.name === context?.cluster)?.cluster;
  const user = read.data.users.find((one) => one.name === context?.user)?.user;
  if (cluster === undefined || user === undefined)
    throw new Error(`${path}: the context ${name ?? '(none)'} has no cluster and user`);
  const fileOf = (file: string | undefined): Promise<string | null> =>
    file === undefined ? Promise.resolve(null) : readFile(resolve(dirname(path), file), 'utf8');
  const pem = async (data: string | undefined, file: string | undefined): Promise<string | null> =>
    data === undefined ? fileOf(file) : Buffer.from(data, 'base64').toString();
  const certificate = await pem(user['client-certificate-data'], user['client-certificate']);
  const key = await pem(user['client-key-data'], user['client-key']);
  const token = user.token ?? (await fileOf(user.tokenFile))?.trim() ?? null;
  if (token === null && (certificate === null || key === null))
    throw new Error(
      `${path}: the user of ${name} has neither a token nor a client certificate; exec plug-ins are not run, give \`access\` a token instead`,
    );
  const ca = await pem(cluster['certificate-authority-data'], cluster['certificate-authority']);
  const clientCertificate =
    certificate === null || key === null ? config.clientCertificate : { certificate, key };
  return { url: cluster.server, token, outbound: { ...config, ca: config.ca ?? ca, clientCertificate } };
}
