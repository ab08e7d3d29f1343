import { z } from 'zod';

/** The parts of Kubernetes resources that are read; everything else, private keys among it, is dropped while reading. */

const metadata = z.object({
  name: z.string(),
  namespace: z.string().default(''),
  uid: z.string().default(''),
  labels: z.record(z.string(), z.string()).default({}),
  annotations: z.record(z.string(), z.string()).default({}),
});

/** secrets of type kubernetes.io/tls. */
export const secret = z.object({
  metadata,
  data: z.object({ 'tls.crt': z.string().default('') }).default({ 'tls.crt': '' }),
});

const condition = z.object({
  type: z.string(),
  status: z.string(),
  reason: z.string().default(''),
  message: z.string().default(''),
});
const time = z.iso.datetime({ offset: true }).nullable().default(null);

/** cert-manager.io/v1 Certificate. */
export const certificate = z.object({
  metadata,
  spec: z.object({
    secretName: z.string(),
    dnsNames: z.array(z.string()).default([]),
    commonName: z.string().default(''),
    issuerRef: z.object({ name: z.string(), kind: z.string().default('Issuer') }),
  }),
  status: z
    .object({
      renewalTime: time,
      revision: z.number().nullable().default(null),
      lastFailureTime: time,
      failedIssuanceAttempts: z.number().nullable().default(null),
      conditions: z.array(condition).default([]),
    })
    .prefault({}),
});

/** cert-manager.io/v1 CertificateRequest; its status holds the certificate, and never the key. */
export const certificateRequest = z.object({
  metadata,
  status: z
    .object({ certificate: z.string().default(''), conditions: z.array(condition).default([]) })
    .prefault({}),
});

/** certificates.k8s.io/v1 CertificateSigningRequest. */
export const signingRequest = z.object({
  metadata,
  spec: z.object({ signerName: z.string(), username: z.string().default('') }),
  status: z
    .object({ certificate: z.string().default(''), conditions: z.array(condition).default([]) })
    .prefault({}),
});

/** networking.k8s.io/v1 Ingress. */
export const ingress = z.object({
  metadata,
  spec: z.object({
    tls: z
      .array(z.object({ secretName: z.string().default(''), hosts: z.array(z.string()).default([]) }))
      .default([]),
  }),
});

/** gateway.networking.k8s.io/v1 Gateway. */
export const gateway = z.object({
  metadata,
  spec: z.object({
    listeners: z
      .array(
        z.object({
          name: z.string(),
          port: z.number().default(443),
          hostname: z.string().default('*'),
          tls: z
            .object({
              certificateRefs: z
                .array(z.object({ name: z.string(), namespace: z.string().optional() }))
                .default([]),
            })
            .prefault({}),
        }),
      )
      .default([]),
  }),
});

/** A condition with its state. */
export type Condition = z.infer<typeof condition>;
/** See {@link certificate}. */
export type CertManagerCertificate = z.infer<typeof certificate>;
