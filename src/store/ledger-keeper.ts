import type { Logger } from 'pino';
import type { ClockGuard } from './clock-guard.js';
import type { Database } from './database.js';
import { writeLedger } from './ledger.js';

const everyMs = 300_000;

/** Notes now and then, and at the end, what the database holds; see ledger.ts. A note that fails is one in the log: the last one stays. */
export class LedgerKeeper {
  readonly #database: Database;
  readonly #dataDir: string;
  readonly #clock: Pick<ClockGuard, 'trustedNow'>;
  readonly #log: Logger;
  readonly #timer: NodeJS.Timeout;
  #noting: Promise<void> = Promise.resolve();

  constructor(database: Database, dataDir: string, clock: Pick<ClockGuard, 'trustedNow'>, log: Logger) {
    this.#database = database;
    this.#dataDir = dataDir;
    this.#clock = clock;
    this.#log = log;
    this.#timer = setInterval(() => void this.note(), everyMs).unref();
  }

  /** Resolves when what is held now is noted, or could not be. */
  note(): Promise<void> {
    this.#noting = this.#noting
      .then(() => writeLedger(this.#database, this.#dataDir, this.#clock.trustedNow))
      .catch((error: unknown) =>
        this.#log.warn({ error: String(error) }, 'what the database holds cannot be noted'),
      );
    return this.#noting;
  }

  /** Notes a last time. */
  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.note();
  }
}
