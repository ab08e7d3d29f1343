import { z } from 'zod';
import { outboundShape } from '../../lib/http/config.js';
import { secretString } from '../../lib/secret.js';
import { commonKeys } from '../common-keys.js';

/** Certificates that a Kubernetes cluster manages. */
export const kubernetesConfig = z.strictObject({
  type: z
    .literal('kubernetes')
    .describe('A Kubernetes cluster: cert-manager, signing requests, TLS secrets, and what uses them.'),
  ...commonKeys,
  access: z
    .discriminatedUnion('from', [
      z.strictObject({
        from: z
          .literal('pod')
          .describe("The pod's own service account; for Certglass running inside the cluster."),
      }),
      z.strictObject({
        from: z.literal('kubeconfig').describe('A kubeconfig file with a token or a client certificate.'),
        path: z.string().min(1).describe('The kubeconfig file.'),
        context: z.string().min(1).nullable().default(null).describe('If null, the current context.'),
      }),
      z.strictObject({
        from: z.literal('token').describe('An address and a bearer token.'),
        url: z.url({ protocol: /^https?$/ }).describe('Address of the API server.'),
        token: secretString.describe('The token: `${ENV}` or file:PATH.'),
      }),
    ])
    .default({ from: 'pod' })
    .describe(
      'How to reach the API server. The account needs list on certificates and certificaterequests (cert-manager.io), certificatesigningrequests, ingresses and gateways; on secrets only with `secrets`.',
    ),
  namespaces: z
    .array(z.string().min(1))
    .default([])
    .describe('Only these namespaces. If empty, all; that needs a ClusterRole.'),
  secrets: z
    .boolean()
    .default(false)
    .describe(
      'Also list secrets of type kubernetes.io/tls. The API cannot leave their private keys out: this account can then read them. Certglass reads `tls.crt` alone. Certificates of cert-manager are found without this.',
    ),
  ...outboundShape({ allowPrivate: true }),
});

/** Certificates that a Kubernetes cluster manages. */
export type KubernetesConfig = z.infer<typeof kubernetesConfig>;
