import { join } from 'node:path';
import type { Logger } from 'pino';
import { z } from 'zod';
import { replaceFile } from '../lib/replace-file.js';
import { readStateFile } from '../lib/state-file.js';
import type { Certificate } from '../model/certificate.js';
import type { SharedPrimeEvidence, SharedPrimeHolder } from '../model/key-evidence.js';
import { modulusOf } from '../x509/keys/check-key.js';
import type { SharedPrime } from '../x509/keys/batch-gcd.js';
import { startSharedPrimeWorker, type SharedPrimeWorker } from '../x509/keys/shared-primes.js';

/** What the search for shared primes takes. */
export interface PrimeSearchOptions {
  /** Where shared primes are kept over a restart, in `shared-primes.json`. */
  readonly folder: string;
  /** Called when primes were found. */
  onFound(): void;
  /** Called with a reason when keys are not compared, and with null when they are again. */
  onTrouble(reason: string | null): void;
  readonly log: Logger;
  readonly startWorker?: () => SharedPrimeWorker;
  /** Keys compared at most: each takes some 600 octets, and time that grows with their number. */
  readonly maxKeys?: number;
}

/**
 * Compares every RSA modulus with all others in a worker: those seen since the start, each once. A prime that was found stays known
 * when the other certificate is gone, over a restart too, for the private keys stay known.
 */
export class PrimeSearch {
  /** By modulusSha256. */
  readonly found = new Map<string, SharedPrimeEvidence>();
  readonly #options: PrimeSearchOptions;
  readonly #file: string;
  readonly #holders = new Map<string, SharedPrimeHolder>();
  #pending: Uint8Array[] = [];
  #worker: SharedPrimeWorker | null = null;
  #comparing: Promise<void> | null = null;
  #isFull = false;
  #isClosed = false;

  /** Opens the search with what an earlier one found. Throws when its file is there and cannot be read. */
  static open(options: PrimeSearchOptions): PrimeSearch {
    const search = new PrimeSearch(options);
    for (const evidence of readFound(search.#file)) search.#remember(evidence);
    return search;
  }

  private constructor(options: PrimeSearchOptions) {
    this.#options = options;
    this.#file = join(options.folder, 'shared-primes.json');
  }

  /** True while keys wait to be compared. */
  get isComparing(): boolean {
    return this.#comparing !== null;
  }

  /** Takes the certificate's key into the comparison, unless it was before; {@link start} begins it. */
  note(certificate: Certificate): void {
    const { modulusSha256, sha256, subject } = certificate;
    if (modulusSha256 === null || this.#holders.has(modulusSha256) || this.#isFull) return;
    const { maxKeys = 100_000, onTrouble } = this.#options;
    this.#isFull = this.#holders.size >= maxKeys;
    if (this.#isFull) onTrouble(`there are more than ${maxKeys} RSA keys: the others are not compared`);
    const modulus = this.#isFull ? null : modulusOf(certificate);
    if (modulus === null) return;
    const holder = { modulusSha256, certificateSha256: sha256, subject: subject.slice(0, 300) };
    this.#holders.set(modulusSha256, holder);
    this.#pending.push(Uint8Array.from(modulus));
  }

  /** Begins to compare what was noted, where that does not go on already. */
  start(): void {
    if (this.#comparing !== null || this.#pending.length === 0) return;
    this.#comparing = this.#compare()
      .catch((error: unknown) => this.#giveUp(error))
      .finally(() => (this.#comparing = null));
  }

  /** Ends comparing, in the middle if need be. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#worker?.close();
    await this.#comparing;
  }

  async #compare(): Promise<void> {
    let isNew = false;
    while (this.#pending.length > 0) {
      const moduli = this.#pending;
      this.#pending = [];
      this.#worker ??= (this.#options.startWorker ?? startSharedPrimeWorker)();
      const primes = await this.#worker.add(moduli);
      for (const prime of primes) this.#remember(this.#evidenceOf(prime));
      isNew ||= primes.length > 0;
    }
    if (!this.#isFull) this.#options.onTrouble(null);
    if (!isNew) return;
    await replaceFile(this.#file, JSON.stringify([...new Set(this.found.values())]));
    this.#options.onFound();
  }

  /** What was noted is forgotten, so that it is compared anew, in a new worker. */
  #giveUp(error: unknown): void {
    if (this.#isClosed) return;
    this.#holders.clear();
    this.#pending = [];
    void this.#worker?.close();
    this.#worker = null;
    this.#options.log.error({ err: error }, 'comparing keys failed');
    this.#options.onTrouble(error instanceof Error ? error.message : String(error));
  }

  #remember(evidence: SharedPrimeEvidence): void {
    for (const { modulusSha256 } of evidence.holders) this.found.set(modulusSha256, evidence);
  }

  /** Every key with the prime, those from before the start too. */
  #evidenceOf({ primeBits, primeSha256, moduli }: SharedPrime): SharedPrimeEvidence {
    const before = [...this.found.values()].filter((one) => one.primeSha256 === primeSha256);
    const holders = new Map(before.flatMap((one) => one.holders).map((one) => [one.modulusSha256, one]));
    for (const modulus of moduli) {
      const holder = this.#holders.get(modulus);
      if (holder !== undefined) holders.set(modulus, holder);
    }
    return { primeBits, primeSha256, holders: [...holders.values()] };
  }
}

const foundShape = z.array(
  z.object({
    primeBits: z.number(),
    primeSha256: z.string(),
    holders: z.array(
      z.object({ modulusSha256: z.string(), certificateSha256: z.string(), subject: z.string() }),
    ),
  }),
);

/** What an earlier search found; a damaged file is set aside, and the keys that are seen are compared anew. */
function readFound(file: string): readonly SharedPrimeEvidence[] {
  return readStateFile(file, (text) => foundShape.parse(JSON.parse(text))) ?? [];
}
