import { z } from 'zod';
import { list } from './shapes.js';

/** A target that a request may name: never a file of the server. */
export const scanTarget = z
  .string()
  .regex(/^[^\s@-]\S{0,299}$/, 'must be a host, host:port, address, CIDR or range (no @file, no -)');

/** Ports of targets that name none. */
export const scanPorts = z.array(z.number().int().min(1).max(65_535)).min(1).max(1_000);

/** What a scan would probe. */
export const scanPreview = z
  .object({
    targets: list(
      z.object({
        target: z.string(),
        kind: z.enum(['host', 'range', 'service', 'invalid']),
        endpoints: z
          .number()
          .nullable()
          .describe('Address and port pairs; null: known once the name is resolved.'),
        refusal: z
          .string()
          .nullable()
          .describe('Why nothing of it would be probed; null: nothing speaks against it.'),
      }),
    ),
    endpoints: z.number().describe('In all, a name counted as one address.'),
    refused: z.number().int().describe('Targets of which nothing would be probed.'),
    seconds: z.number().describe('At the configured rate, at least.'),
  })
  .meta({ id: 'ScanPreview' });
