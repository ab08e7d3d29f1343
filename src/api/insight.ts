import { z } from 'zod';
import { severities } from '../model/severity.js';
import { instant, list } from './shapes.js';

const fault = z.object({ code: z.string(), message: z.string(), section: z.string() });

/** What it takes to read a certificate without openssl, and to see why it is trusted or not. */
export const examinationShape = z
  .object({
    extensions: list(
      z.object({
        oid: z.string(),
        critical: z.boolean(),
        value: z.string().describe('Contents in hex.'),
        text: z.string().nullable(),
      }),
    ),
    unreadable: z.string().nullable().describe('Why the extensions cannot be shown.'),
    chain: list(
      z.object({
        sha256: z.string(),
        subject: z.string(),
        from: z
          .enum(['served', 'logged', 'known', 'root-store'])
          .describe('Where the certificate came from.'),
        notAfter: instant.nullable(),
      }),
    ).describe('The path in the first store that has one, else what was served; leaf first.'),
    trust: list(
      z.object({
        store: z.string(),
        verdict: z.enum(['valid', 'invalid']),
        grade: z.enum(['valid', 'faulty', 'invalid']),
        path: list(z.string()),
        errors: list(fault),
        warnings: list(fault),
      }),
    ).describe('One verdict for each root store.'),
    transparency: z
      .object({
        scts: list(
          z.object({
            logId: z.string(),
            log: z.string().nullable(),
            operator: z.string().nullable(),
            timestamp: instant.nullable(),
            verdict: z
              .string()
              .describe('valid, or why it proves nothing; unverified: the log list is not at hand.'),
          }),
        ),
        problems: list(z.string()),
        policies: list(
          z.object({
            policy: z.string(),
            compliant: z.boolean().nullable(),
            requiredScts: z.number().int(),
            countedScts: z.number().int(),
            reasons: list(z.string()),
          }),
        ),
      })
      .nullable()
      .describe('null for certificates of CAs and precertificates.'),
    verdicts: list(
      z.object({
        rule: z.string(),
        title: z.string(),
        answer: z.enum(['found', 'pass', 'not-applicable', 'not-in-force', 'off']),
        severity: z.enum(severities).nullable(),
        details: z.record(z.string(), z.unknown()).readonly(),
      }),
    ).describe('What every certificate rule answers.'),
  })
  .meta({ id: 'Examination' });

/** See {@link examinationShape}. */
export type Examination = z.output<typeof examinationShape>;

/** A certificate to examine, with what is known around it. */
export interface ExaminedCertificate {
  readonly der: Uint8Array;
  /** SHA-256 of what was served or logged with it, leaf excluded. */
  readonly served: readonly string[];
  readonly logged: readonly string[];
  /** A name it is asked for; null: none. */
  readonly host: string | null;
}

/** What takes reading certificates, which the API itself does not do. */
export interface Insight {
  /** Ids of the logs whose SCTs a certificate embeds, base64; empty when it has none. */
  sctLogIds(der: Uint8Array): readonly string[];
  examine(certificate: ExaminedCertificate, now: Date): Promise<Examination>;
  /** The whole certificate as text, line by line. */
  text(der: Uint8Array): string;
  /** Bytes of certificates by SHA-256; those that are not kept are absent. */
  bytes(sha256: readonly string[]): Promise<ReadonlyMap<string, Uint8Array>>;
}
