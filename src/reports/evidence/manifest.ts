import { z } from 'zod';

/** What an export says of itself: what it covers, how it was made, and the hash of every file. */
export const manifestSchema = z.object({
  format: z.literal(1),
  product: z.literal('certglass'),
  version: z.string(),
  framework: z.string(),
  from: z.iso.datetime(),
  to: z.iso.datetime(),
  scope: z.object({
    domain: z.string().nullable(),
    owner: z.string().nullable(),
    environment: z.string().nullable(),
    tag: z.string().nullable(),
  }),
  createdAt: z.iso.datetime(),
  timeSource: z.string(),
  configurationSha256: z.string(),
  rules: z.number(),
  files: z.array(z.object({ name: z.string(), sha256: z.string(), bytes: z.number() })),
});

/** See {@link manifestSchema}. */
export type Manifest = z.infer<typeof manifestSchema>;
