import { z } from 'zod';
import { outboundShape } from '../../lib/http/config.js';
import { secretString } from '../../lib/secret.js';
import { commonKeys } from '../common-keys.js';

const mount = z.string().min(1).describe('Path of the auth method.');

/** Certificates that PKI secrets engines of HashiCorp Vault or OpenBao issued. */
export const vaultConfig = z.strictObject({
  type: z.literal('vault').describe('HashiCorp Vault or OpenBao: certificates of its PKI secrets engines.'),
  ...commonKeys,
  url: z.url({ protocol: /^https?$/ }).describe('Address, for example https://vault.example.com:8200'),
  namespace: z.string().min(1).nullable().default(null).describe('Namespace, where the server has them.'),
  mounts: z
    .array(z.string().min(1))
    .default([])
    .describe('Paths of PKI engines. If empty, all that the token may list (needs read on sys/mounts).'),
  auth: z
    .discriminatedUnion('method', [
      z.strictObject({
        method: z.literal('token').describe('A token that does not end, or is renewed elsewhere.'),
        token: secretString.describe('A token: `${ENV}` or file:PATH.'),
      }),
      z.strictObject({
        method: z.literal('approle').describe('Role id and secret id.'),
        mount: mount.default('approle'),
        roleId: secretString.describe('Role id: `${ENV}` or file:PATH.'),
        secretId: secretString.describe('Secret id: `${ENV}` or file:PATH.'),
      }),
      z.strictObject({
        method: z.literal('kubernetes').describe('The service account of the pod.'),
        mount: mount.default('kubernetes'),
        role: z.string().min(1).describe('Role of the auth method.'),
        tokenFile: z
          .string()
          .default('/var/run/secrets/kubernetes.io/serviceaccount/token')
          .describe('Service account token; read again at every sign-in.'),
      }),
      z.strictObject({
        method: z.literal('jwt').describe('A token that another system signed.'),
        mount: mount.default('jwt'),
        role: z.string().min(1).describe('Role of the auth method.'),
        tokenFile: z.string().min(1).describe('File with the JWT; read again at every sign-in.'),
      }),
    ])
    .describe(
      'How to sign in. The policy needs list on MOUNT/certs, MOUNT/certs/revoked and MOUNT/roles, read on MOUNT/cert/* and MOUNT/roles/*, and read on sys/mounts unless `mounts` is set.',
    ),
  ...outboundShape({ allowPrivate: true }),
});

/** Certificates that PKI secrets engines of HashiCorp Vault or OpenBao issued. */
export type VaultConfig = z.infer<typeof vaultConfig>;
