import { z } from 'zod';
import { secretString } from '../../lib/secret.js';
import { commonKeys } from '../common-keys.js';

const column = z.string().min(1).nullable().default(null);

/** Files and folders with certificates, and tables and documents that list them. */
export const filesConfig = z.strictObject({
  type: z
    .literal('files')
    .describe('Certificate files of any format, folders of them, CSV, TSV, JSON and JSON lines.'),
  ...commonKeys,
  paths: z
    .array(z.string().min(1))
    .min(1)
    .describe('Files and folders. Each must hold a certificate at least.'),
  recursive: z.boolean().default(true).describe('Go into sub-folders.'),
  ignore: z
    .array(z.string().min(1))
    .default([])
    .describe('Names with these endings are passed over, for example .p12'),
  passwords: z.array(secretString).default([]).describe('Passwords to try on PKCS #12 files.'),
  strict: z
    .boolean()
    .default(false)
    .describe(
      'Dangling links, unreadable folders of private keys and PKCS #12 files without a password make the import incomplete.',
    ),
  columns: z
    .strictObject({
      sha256: column.describe('SHA-256 fingerprint, with or without colons.'),
      sha1: column.describe('SHA-1 fingerprint.'),
      spkiSha256: column.describe('SHA-256 of the public key (SubjectPublicKeyInfo).'),
      issuerSha256: column.describe("SHA-256 of the issuer's name in DER."),
      issuer: column.describe("Issuer's name, in any usual spelling; needs `issuers`."),
      serialNumber: column.describe('Serial number; counts together with the issuer.'),
      pem: column.describe('The certificate itself: PEM, or base64 of DER.'),
      owner: column.describe('Who owns it.'),
      environment: column.describe('Which environment it belongs to.'),
    })
    .prefault({})
    .describe(
      'Which column of a table says what. If null, the usual names are understood, such as sha256, thumbprint, serial.',
    ),
  labelColumns: z
    .array(z.string().min(1))
    .default([])
    .describe('Columns of a table that are kept as labels.'),
  delimiter: z
    .string()
    .length(1)
    .nullable()
    .default(null)
    .describe('Between the fields of a CSV file. If null, it is found out: comma, semicolon, tab or bar.'),
  serialFormat: z
    .enum(['hex', 'decimal'])
    .default('hex')
    .describe('How serial numbers that are digits alone are meant. With colons or 0x they are always hex.'),
  issuers: z
    .array(z.string().min(1))
    .default([])
    .describe('PEM or DER files of the issuers that a table names.'),
});

/** Files and folders with certificates, and tables and documents that list them. */
export type FilesConfig = z.infer<typeof filesConfig>;
