import { keyOfHash, RecentKeys } from '../lib/recent-keys.js';
import type { CheckInput } from '../rules/rule.js';
import type { Ledger } from './finding-ledger.js';
import { issuanceSubject } from './grade.js';
import type { Instants } from './instants.js';

/** Remembers logged certificates that no rule flagged. */
export interface Passed {
  /** By SHA-256. */
  has(sha256: string): boolean;
  /** Notes those of these, just judged, that have no open finding and whose answers stand until something else changes. */
  note(inputs: readonly CheckInput[]): void;
  /** Forgets all: what they were judged by has changed. */
  clear(): void;
}

/** 16 bytes each; of a million certificates one in twenty is forgotten again, and judged once more. */
const remembered = 2 ** 21;

/** See {@link Passed}. Lives as long as the process; cleared when the policy changes. */
export function createPassed(
  ledger: Pick<Ledger, 'open'>,
  instants: Pick<Instants, 'ofIssuance'>,
  unsettledRules: () => readonly string[],
): Passed {
  const keys = new RecentKeys(remembered);
  return {
    has: (sha256) => keys.has(keyOfHash(sha256)),
    note(inputs) {
      if (unsettledRules().length > 0) return;
      for (const input of inputs) {
        const { certificate } = input;
        const isOpen = ledger.open.about(issuanceSubject(certificate)).length > 0;
        if (!isOpen && instants.ofIssuance(input, false) === null) keys.add(keyOfHash(certificate.sha256));
      }
    },
    clear: () => keys.clear(),
  };
}
