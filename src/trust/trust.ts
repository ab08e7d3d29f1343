import { accessSync, constants } from 'node:fs';
import { z } from 'zod';
import type { Certificate } from '../model/certificate.js';
import type { Validation, ValidationError } from '../model/validation.js';
import { openRootStore, readRootFile } from './roots.js';
import type { RootStore } from '../x509/path/root-store.js';
import { validatePath } from '../x509/path/validate.js';

/** Which roots are trusted. */
export const trustConfig = z
  .strictObject({
    store: z
      .enum(['mozilla', 'node', 'system', 'none'])
      .default('mozilla')
      .describe(
        "Public roots: mozilla's bundled with Certglass (dated), those of the running Node.js, those of the system, or none.",
      ),
    files: z
      .array(z.string().refine(isReadable, 'cannot be read; give the path of a PEM or DER file'))
      .default([])
      .describe('PEM or DER files of your own roots, trusted beside the public ones.'),
  })
  .refine(({ store, files }) => store !== 'none' || files.length > 0, {
    path: ['store'],
    message: 'nothing would be trusted: give files of your own roots as well, or another store',
  });

function isReadable(path: string): boolean {
  try {
    accessSync(path, constants.R_OK);
    return true;
  } catch {
    return false;
  }
}

/** Which roots are trusted. */
export type TrustConfig = z.infer<typeof trustConfig>;

/** Judges a served chain at an instant, whatever name it was asked for. */
export type Validate = (leaf: Certificate, chain: readonly Certificate[], at: Date) => Validation;

/**
 * Reads the configured root stores. A chain is valid when it is valid against one of them; otherwise the verdict is that of the
 * store it came nearest to. Throws when a store cannot be read; `complain` gets a sentence for each root of your own that is none.
 */
export async function createTrust(
  config: TrustConfig,
  complain: (sentence: string) => void,
): Promise<Validate> {
  const own = await Promise.all(config.files.map(readRootFile));
  return trustIn(config.store === 'none' ? own : [...own, await openRootStore(config.store)], complain);
}

/** As {@link createTrust}, of stores that are open. */
export function trustIn(stores: readonly RootStore[], complain: (sentence: string) => void): Validate {
  for (const { name, unreadable } of stores)
    for (const { sha256, reason } of unreadable)
      complain(`${name}: the root ${sha256} cannot be read and is not trusted (${reason})`);
  return (leaf, chain, at) =>
    bestOf(stores, (rootStore) => validateAgainst(rootStore, leaf, chain, at)) ?? nothingTrusted;
}

/** The validation by the store that makes a path valid, else by the one it comes nearest to; null without stores. */
export function bestOf(
  stores: readonly RootStore[],
  validate: (rootStore: RootStore) => Validation,
): Validation | null {
  let nearest: Validation | null = null;
  for (const rootStore of stores) {
    const validation = validate(rootStore);
    if (validation.verdict === 'valid') return validation;
    if (nearest === null || validation.errors.length < nearest.errors.length) nearest = validation;
  }
  return nearest;
}

const noRoots: ValidationError = {
  code: 'no-issuer',
  message: 'No root is trusted.',
  section: 'RFC 5280 section 6.1.1',
};

const nothingTrusted: Validation = {
  verdict: 'invalid',
  grade: 'invalid',
  errors: [noRoots],
  warnings: [],
  rootStore: 'none',
  path: [],
  links: [],
};

function validateAgainst(
  rootStore: RootStore,
  leaf: Certificate,
  chain: readonly Certificate[],
  at: Date,
): Validation {
  return validatePath({
    certificate: leaf.der,
    intermediates: chain.map((certificate) => certificate.der),
    rootStore,
    at,
    purpose: 'server',
    host: null,
    profile: 'rfc5280',
  });
}
