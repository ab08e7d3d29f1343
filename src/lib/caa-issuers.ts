import { z } from 'zod';
import { readConfigData } from './config-data.js';

/** Schema of config/caa-issuers.json. */
export const caaIssuersFile = z.strictObject({
  asOf: z.iso.date(),
  about: z.string(),
  source: z.string().min(8),
  issuers: z.record(
    z.string().regex(/^[a-z0-9.-]+$/),
    z.strictObject({ owner: z.string().min(1).nullable(), organizations: z.array(z.string()) }),
  ),
});

/** Read when first asked for. */
let read: {
  readonly file: z.output<typeof caaIssuersFile>;
  readonly organizations: ReadonlySet<string>;
} | null = null;

function data() {
  if (read !== null) return read;
  const file = readConfigData('caa-issuers.json', caaIssuersFile);
  const organizations = new Set(Object.values(file.issuers).flatMap((issuer) => issuer.organizations));
  return (read = { file, organizations });
}

/** ISO day for which the issuers were collected. */
export function caaIssuersAsOf(): string {
  return data().file.asOf;
}

/** True for an organization name (O) that some public CA signs TLS certificates with. */
export function isPublicCa(organization: string): boolean {
  return data().organizations.has(organization);
}

/** A CA that a CAA record can name, and the organization names (O) of the issuers it signs TLS certificates with. */
export interface CaaIssuer {
  /** Null when the CCADB names none. */
  readonly owner: string | null;
  readonly organizations: readonly string[];
}

/** The CA behind an issuer domain of a CAA record (`letsencrypt.org`), whatever its case; null when it is not known. */
export function caaIssuer(domain: string): CaaIssuer | null {
  const { issuers } = data().file;
  const name = domain.toLowerCase().replace(/\.$/, '');
  return Object.hasOwn(issuers, name) ? (issuers[name] ?? null) : null;
}

/** Issuer domains of every CA that signs with this organization name; empty when none is known. */
export function caaDomainsOf(organization: string): readonly string[] {
  return Object.entries(data().file.issuers).flatMap(([domain, { organizations }]) =>
    organizations.includes(organization) ? [domain] : [],
  );
}
