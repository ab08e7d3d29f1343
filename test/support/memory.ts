import type { Memory } from '../../scanners/scanner.js';

/** What a scanner finds in a new store. */
export function emptyMemory(changes: Partial<Memory> = {}): Memory {
  const nothing = async function* (): AsyncGenerator<never> {};
  return {
    endpoints: nothing,
    learnedNames: nothing,
    unfinishedScans: async () => [],
    ctPositions: async () => [],
    certificatesInUse: nothing,
    certificates: async () => new Map(),
    answers: nothing,
    ...changes,
  };
}
