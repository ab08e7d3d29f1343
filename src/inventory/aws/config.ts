import { z } from 'zod';
import { outboundShape } from '../../lib/http/config.js';
import { secretString } from '../../lib/secret.js';
import { commonKeys } from '../common-keys.js';

/** Certificates of AWS accounts: ACM and IAM server certificates. */
export const awsConfig = z.strictObject({
  type: z
    .literal('aws')
    .describe(
      'AWS: certificates in ACM, with what uses them and how renewal goes, and IAM server certificates.',
    ),
  ...commonKeys,
  regions: z
    .array(z.string().regex(/^[a-z0-9-]+$/))
    .min(1)
    .describe('Regions, for example eu-central-1. CloudFront uses certificates of us-east-1.'),
  accounts: z
    .array(
      z.strictObject({
        roleArn: z.string().startsWith('arn:').describe('Role to assume (sts:AssumeRole).'),
        externalId: secretString
          .nullable()
          .default(null)
          .describe('External id that the trust policy of the role asks for; null: none.'),
      }),
    )
    .default([])
    .describe('Accounts, each by a role. If empty, the account of the credentials.'),
  iam: z.boolean().default(true).describe('Also list IAM server certificates.'),
  credentials: z
    .discriminatedUnion('from', [
      z.strictObject({
        from: z
          .literal('chain')
          .describe(
            'As the AWS command line does: environment, web identity, profile, container, instance metadata.',
          ),
        profile: z
          .string()
          .min(1)
          .nullable()
          .default(null)
          .describe('Profile of the shared configuration; null: AWS_PROFILE, or `default`.'),
      }),
      z.strictObject({
        from: z.literal('keys').describe('An access key.'),
        accessKeyId: z.string().min(1).describe('Id of the key.'),
        secretAccessKey: secretString.describe('The secret part: `${ENV}` or file:PATH.'),
        sessionToken: secretString.nullable().default(null).describe('Of temporary credentials; null: none.'),
      }),
    ])
    .prefault({ from: 'chain' })
    .describe(
      'Needs acm:ListCertificates, acm:DescribeCertificate, acm:GetCertificate and, with `iam`, iam:ListServerCertificates, iam:GetServerCertificate.',
    ),
  endpoint: z
    .url({ protocol: /^https?$/ })
    .nullable()
    .default(null)
    .describe('Address of all services, for VPC endpoints and emulators. If null, the public ones.'),
  ...outboundShape({ allowPrivate: true }),
});

/** Certificates of AWS accounts. */
export type AwsConfig = z.infer<typeof awsConfig>;
