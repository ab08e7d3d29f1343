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

const { asOf, issuers } = readConfigData('caa-issuers.json', caaIssuersFile);

/** ISO day for which the issuers were collected. */
export const caaIssuersAsOf = asOf;

/** A CA that a CAA record can name, and the organization names (O) of the issuers it signs TLS certificates with. */
export interface CaaIssuer {
  /** Null when the CCADB names none. */
  readonly owner: string | null;
  readonly organizations: readonly string[];
}

/** The CA behind an issuer domain of a CAA record (`letsencrypt.org`), whatever its case; null when it is not known. */
export function caaIssuer(domain: string): CaaIssuer | null {
  const name = domain.toLowerCase().replace(/\.$/, '');
  return Object.hasOwn(issuers, name) ? (issuers[name] ?? null) : null;
}

/** Issuer domains of every CA that signs with this organization name; empty when none is known. */
export function caaDomainsOf(organization: string): readonly string[] {
  return Object.entries(issuers).flatMap(([domain, { organizations }]) =>
    organizations.includes(organization) ? [domain] : [],
  );
}
