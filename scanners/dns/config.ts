import { z } from 'zod';

/** DNS: what names under owned domains stand for, and which CAs they allow. */
export const dnsConfig = z.strictObject({
  enabled: z
    .boolean()
    .default(true)
    .describe(
      'Look up CAA records, addresses and HTTPS records of owned domains and of the names in their certificates. Default true.',
    ),
  servers: z
    .array(
      z
        .string()
        .regex(
          /^(\[[0-9a-fA-F:.]+\]|[0-9.]+)(:\d{1,5})?$|^[0-9a-fA-F:.]+$/,
          'must be an address, or address:port',
        ),
    )
    .default([])
    .describe(
      'Resolvers to ask, for example 192.0.2.53 or [2001:db8::53]:5353. If empty, those of `scan.dns.servers`, or of the system.',
    ),
  everyMinutes: z
    .number()
    .min(0.01)
    .max(10_080)
    .default(240)
    .describe(
      'Minutes between two lookups of a name. CAs may rely on a CAA answer for 8 hours, so keep it below 480. Default 240.',
    ),
  timeoutMs: z
    .int()
    .min(50)
    .max(60_000)
    .default(3_000)
    .describe('Longest wait for one answer of one resolver in ms; two tries each. Default 3000.'),
  concurrency: z.int().min(1).max(256).default(8).describe('Names looked up at the same time. Default 8.'),
  validating: z
    .enum(['auto', 'yes', 'no'])
    .default('auto')
    .describe(
      'Whether the resolvers validate DNSSEC and can be trusted to say so: auto (the default) asks them for the root, which is signed.',
    ),
});

/** A checked {@link dnsConfig}. */
export type DnsConfig = z.infer<typeof dnsConfig>;
