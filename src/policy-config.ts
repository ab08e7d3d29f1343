import { domainToASCII } from 'node:url';
import { z } from 'zod';
import { severities } from './model/severity.js';
import type { Policy } from './model/policy.js';

const domain = z.string().transform((text, context) => {
  const ascii = domainToASCII(
    text
      .trim()
      .replace(/^\*?\./, '')
      .replace(/\.$/, ''),
  ).toLowerCase();
  if (ascii.length === 0 || !ascii.includes('.')) {
    context.addIssue({ code: 'custom', message: `"${text}" is not a domain name such as example.com` });
    return z.NEVER;
  }
  return ascii;
});

const hex = z
  .string()
  .regex(/^[0-9a-fA-F:]+$/, 'expected hexadecimal digits')
  .transform((text) => text.replaceAll(':', '').toLowerCase());

const approvedIssuer = z
  .strictObject({
    name: z
      .string()
      .min(1)
      .nullable()
      .default(null)
      .describe('text contained in the issuer\'s name, for example "O=Let\'s Encrypt"'),
    sha256: hex
      .nullable()
      .default(null)
      .describe('SHA-256 of the issuer certificate or of its public key, hex'),
    keyId: hex.nullable().default(null).describe("the issuer's key identifier, hex"),
  })
  .refine(
    (issuer) => issuer.name !== null || issuer.sha256 !== null || issuer.keyId !== null,
    'needs name, sha256 or keyId',
  );

const fraction = z.number().gt(0).lt(1);
const days = z.number().min(0).max(3650);

/** What the operator expects of certificates; see {@link Policy}. */
export const policyConfig = z
  .strictObject({
    ownedDomains: z.array(domain).default([]).describe('domains you own; sub-domains are included'),
    approvedIssuers: z
      .array(approvedIssuer)
      .default([])
      .describe('who may issue for owned domains; empty: anybody may'),
    expiring: z
      .strictObject({
        warnFraction: fraction
          .default(1 / 3)
          .describe(
            "warn when less than this share of the lifetime is left (Let's Encrypt's own renewal point)",
          ),
        warnDays: days.default(30).describe('but never earlier than this many days before notAfter'),
        errorFraction: fraction.default(1 / 9).describe('error below this share of the lifetime'),
        errorDays: days.default(10).describe('but never earlier than this many days before notAfter'),
      })
      .refine(
        (value) => value.errorFraction <= value.warnFraction && value.errorDays <= value.warnDays,
        'error must not start before the warning: errorFraction <= warnFraction and errorDays <= warnDays',
      )
      .prefault({})
      .describe('when a certificate counts as expiring'),
    minRsaBits: z
      .number()
      .int()
      .min(512)
      .max(16384)
      .default(2048)
      .describe('smallest RSA modulus (CA/Browser Forum BR section 6.1.5)'),
    minEcBits: z
      .number()
      .int()
      .min(112)
      .max(521)
      .default(256)
      .describe('smallest elliptic curve field (CA/Browser Forum BR section 6.1.5)'),
    inventoryMaxAgeHours: z
      .number()
      .min(1)
      .default(48)
      .describe('an inventory whose last complete import is older is stale, and shadow says nothing'),
    goneAfterMisses: z
      .number()
      .int()
      .min(1)
      .default(3)
      .describe('an endpoint is gone after this many misses in a row'),
    goneAfterMinutes: z.number().min(0).default(60).describe('spread over at least this many minutes'),
    rules: z
      .record(
        z.string(),
        z.strictObject({
          enabled: z.boolean().optional().describe('false switches the rule off'),
          severity: z.enum(severities).optional().describe('another severity'),
        }),
      )
      .default({})
      .describe('rules switched off or graded differently, by id (certglass rules lists them)'),
  })
  .describe('what you expect of certificates');

export type PolicyConfig = z.infer<typeof policyConfig>;

/** The policy the rules work with. */
export function toPolicy(config: PolicyConfig): Policy {
  const rules = Object.entries(config.rules).map(([id, { enabled, severity }]) => [
    id,
    { ...(enabled === undefined ? {} : { enabled }), ...(severity === undefined ? {} : { severity }) },
  ]);
  return { ...config, rules: Object.fromEntries(rules) as Policy['rules'] };
}
