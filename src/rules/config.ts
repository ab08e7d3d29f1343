import { domainToASCII } from 'node:url';
import { parse } from 'tldts';
import { z } from 'zod';
import { fromLines } from '../lib/settings-lists.js';
import type { Policy } from '../model/policy.js';
import { severities } from '../model/severity.js';
import { rules } from './index.js';
import { hoursShape } from '../lib/hours.js';
import { isUnscoped, scopeShape } from './scope.js';
import { ownerRule } from './owners-config.js';
import { themes } from './themes.js';

/** Labels of up to 63 letters, digits, hyphens and underscores. */
const hostName = /^(?=.{1,253}$)[a-z0-9_-]{1,63}(\.[a-z0-9_-]{1,63})*$/;

const domain = z
  .string()
  .overwrite((text) => domainToASCII(text.trim().replace(/\.$/, '')))
  .refine((text) => hostName.test(text), {
    error: 'not a domain; write it without a wildcard, for example example.com (sub-domains are included)',
  })
  .refine((text) => !isPublicSuffix(text), {
    error: 'this is a public suffix, under which anybody registers; write the domain you registered below it',
  });

/** True for `com` and `co.uk`; false for single labels nobody registers under, such as `internal`. */
function isPublicSuffix(text: string): boolean {
  const { publicSuffix, isIcann } = parse(text);
  return isIcann === true && publicSuffix === text;
}

const hex = (what: string): z.ZodString =>
  z
    .string()
    .overwrite((text) => text.replaceAll(':', '').toLowerCase())
    .regex(/^([0-9a-f]{2})+$/, { error: `${what}: hex digits, two for each byte` });

const approvedIssuer = z
  .strictObject({
    name: z
      .string()
      .min(2)
      .nullable()
      .default(null)
      .describe("Text contained in the issuer's name, case ignored, for example `O=Let's Encrypt`."),
    sha256: hex('SHA-256')
      .length(64, { error: 'a SHA-256 has 64 hex digits' })
      .nullable()
      .default(null)
      .describe(
        'SHA-256 of the issuer certificate or of its public key (SubjectPublicKeyInfo). Logged certificates come without their issuer from some logs: give `keyId` or `name` as well.',
      ),
    keyId: hex('key identifier').nullable().default(null).describe('Authority key identifier, hex.'),
    scope: z
      .strictObject(scopeShape)
      .prefault({})
      .describe(
        'What it is approved for. Empty: for every owned domain. A name that no line covers may have any issuer.',
      ),
  })
  .refine(({ name, sha256, keyId }) => name !== null || sha256 !== null || keyId !== null, {
    error: 'give at least one of name, sha256, keyId',
  });

const fraction = z.number().gt(0).lt(1);
const days = z.number().gt(0).max(3650);

const expiringConfig = z
  .strictObject({
    warnFraction: fraction
      .default(0.3)
      .describe(
        'Warn when less than this share of the lifetime is left. ACME clients renew when a third is left (certbot 4.0), so 0.3 means that renewal is overdue: 27 of 90 days, 13.5 of 45 days, 2 of 6.7 days.',
      ),
    warnDays: days
      .default(30)
      .describe(
        '... but never earlier than this many days before notAfter: a year-long certificate warns a month ahead.',
      ),
    errorFraction: fraction
      .default(0.1)
      .describe(
        'Error when less than this share is left: 9 of 90 days, 4.5 of 45 days, 16 hours of 6.7 days.',
      ),
    errorDays: days.default(10).describe('... but never earlier than this many days before notAfter.'),
    overrides: z
      .array(
        z.strictObject({
          ...scopeShape,
          warnFraction: fraction.exactOptional().describe('In place of `expiring.warnFraction`.'),
          warnDays: days.exactOptional().describe('In place of `expiring.warnDays`.'),
          errorFraction: fraction.exactOptional().describe('In place of `expiring.errorFraction`.'),
          errorDays: days.exactOptional().describe('In place of `expiring.errorDays`.'),
        }),
      )
      .default([])
      .describe('Other thresholds for some hosts, issuers or tags; the first line that applies wins.'),
  })
  .refine(({ warnFraction, errorFraction }) => errorFraction <= warnFraction, {
    path: ['errorFraction'],
    error: 'the error must not start before the warning: write at most warnFraction',
  })
  .refine(({ warnDays, errorDays }) => errorDays <= warnDays, {
    path: ['errorDays'],
    error: 'the error must not start before the warning: write at most warnDays',
  });

const [firstId = '', ...otherIds] = rules.map(({ id }) => id);

const ruleConfig = z.strictObject({
  enabled: z.boolean().default(true).describe('false switches the rule off.'),
  severity: z
    .enum(severities)
    .exactOptional()
    .describe('Severity of every finding of this rule, in place of its own. Absent: its own.'),
  overrides: z
    .array(
      z.strictObject({
        ...scopeShape,
        enabled: z.boolean().default(true).describe('false: the running service reports no such finding.'),
        severity: z
          .enum(severities)
          .exactOptional()
          .describe('Severity of such findings. Absent: as elsewhere.'),
      }),
    )
    .default([])
    .describe(
      'Other settings for some hosts, issuers, tags or environments; the first line that applies wins.',
    ),
});

const exception = z
  .strictObject({
    rules: z
      .array(z.enum([firstId, ...otherIds]))
      .min(1)
      .describe('Ids of the rules it holds for.'),
    ...scopeShape,
    certificates: z
      .array(hex('SHA-256').length(64, { error: 'a SHA-256 has 64 hex digits' }))
      .default([])
      .describe('SHA-256 of the certificates it holds for. Empty: any.'),
    reason: z.string().min(1).describe('Why it is accepted; stands in the finding.'),
    approver: z.string().min(1).describe('Who approved it.'),
    expires: z.iso
      .date()
      .describe(
        'The last day on which it holds (UTC), for example 2027-01-31. Then the findings are open again.',
      ),
  })
  .refine((line) => line.certificates.length > 0 || !isUnscoped(line), {
    error: 'would accept everything; give names, networks, issuers, tags, environments or certificates',
  });

/** Schema of the configuration key `policy`: what the operator expects of certificates, each default beside its source. */
export const policyConfig = z.strictObject({
  ownedDomains: z
    .array(domain)
    .default([])
    .meta(fromLines(''))
    .describe(
      'Domains you own, sub-domains included, or @FILE with one a line. Certificates logged for them are judged too.',
    ),
  approvedIssuers: z
    .array(approvedIssuer)
    .default([])
    .meta(fromLines('name'))
    .describe('CAs that may issue for the owned domains, or @FILE with one name a line. Empty: any CA may.'),
  owners: z
    .array(ownerRule)
    .default([])
    .describe(
      'Who is responsible for what; findings carry owner, environment and tags of the first line that applies.',
    ),
  exceptions: z
    .array(exception)
    .default([])
    .describe('Findings accepted until a given day: they are shown as accepted and send no alerts.'),
  expiring: expiringConfig.prefault({}).describe('When a served certificate is close to its end.'),
  minRsaBits: z
    .int()
    .min(512)
    .max(16384)
    .default(2048)
    .describe('Fewest bits of an RSA modulus. CA/Browser Forum Baseline Requirements section 6.1.5.'),
  minEcBits: z
    .int()
    .min(160)
    .max(521)
    .default(256)
    .describe(
      'Fewest bits of an elliptic-curve key. Baseline Requirements section 6.1.5: P-256, P-384 or P-521.',
    ),
  unexplainedGraceHours: z
    .number()
    .min(0)
    .max(8_760)
    .default(24)
    .describe(
      'Hours after which a certificate logged for an owned domain must be explained: its key served by an endpoint, or held by an inventory. Longer than the time between two scans.',
    ),
  unusedAfterDays: z
    .number()
    .gt(0)
    .max(365)
    .default(7)
    .describe(
      'Days after which a certificate that was issued (`unused`) or is managed (`not-in-use`) should have been served by an endpoint. Longer than the time between two scans.',
    ),
  issuanceHours: hoursShape
    .extend({
      days: hoursShape.shape.days
        .removeDefault()
        .default(['mon', 'tue', 'wed', 'thu', 'fri'])
        .describe('Days on which it begins.'),
      from: hoursShape.shape.from.default('07:00'),
      to: hoursShape.shape.to.default('19:00'),
    })
    .prefault({})
    .describe(
      'When your people request certificates; `issued-out-of-hours`, which has to be switched on under `rules`, reports what is logged at other times.',
    ),
  inventoryMaxAgeHours: z
    .number()
    .gt(0)
    .default(48)
    .describe(
      'An inventory older than this is stale: `inventory-stale` is reported and `shadow` does not fire.',
    ),
  goneAfterMisses: z
    .int()
    .min(1)
    .default(3)
    .describe('An endpoint is gone after this many misses in a row ...'),
  goneAfterMinutes: z.number().min(0).default(60).describe('... spread over at least this many minutes.'),
  forgetAfterHours: z
    .number()
    .min(0)
    .default(24)
    .describe('An endpoint that no scan looks at any more is forgotten this long after it was last seen.'),
  expectedHosts: z
    .array(
      z
        .string()
        .min(1)
        .overwrite((text) => text.trim().toLowerCase()),
    )
    .default([])
    .meta(fromLines(''))
    .describe(
      'Hosts and addresses that must answer (`unreachable`), or @FILE with one a line, beside those that `scan.groups` names one by one and those that served a certificate before.',
    ),
  confirmAfterSeconds: z
    .number()
    .min(0)
    .max(3_600)
    .default(10)
    .describe(
      'A finding about an endpoint is alerted once a second probe shows it too; that probe is made this many seconds after the first. After 15 minutes without one it is alerted anyway. 0 alerts after the first probe.',
    ),
  resolveAfterProbes: z
    .int()
    .min(1)
    .max(500)
    .default(10)
    .describe(
      'A finding about an endpoint is resolved once this many probes in a row did not show it. They are made soon after the first of them, whatever the schedule of the scan. 1 resolves it at once.',
    ),
  resolveAfterMinutes: z
    .number()
    .min(0)
    .max(1_440)
    .default(0.5)
    .describe('... and once no probe has shown it for this many minutes.'),
  resolveAlternatingAfterMinutes: z
    .number()
    .min(0)
    .max(1_440)
    .default(60)
    .describe(
      'The same in minutes for a finding that came and went within the last day, as when some of the machines behind one address serve another certificate than the rest.',
    ),
  rules: z
    .partialRecord(z.enum([firstId, ...otherIds]), ruleConfig)
    .default({})
    .describe('Rules switched off, or given another severity, by id (`certglass rules` lists them).'),
});

/** What the operator expects, as read from the configuration. */
export type PolicyConfig = z.infer<typeof policyConfig>;

/** The policy of an empty configuration. */
export const defaultPolicy: Policy = policyConfig.parse({}) satisfies PolicyConfig;

/** Ids of all rules. */
export const ruleIds: ReadonlySet<string> = new Set(rules.map(({ id }) => id));

/** Names of all themes of rules. */
export const themeNames: ReadonlySet<string> = new Set(themes.values());
