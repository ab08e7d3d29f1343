import type { StoredFact } from '../model/fact.js';
import type { Store } from './store.js';

/** Keeps a fact: one case for each kind. Resolves once it is durable; a repeat changes nothing. */
export function storeFact(store: Omit<Store, 'take'>, fact: StoredFact): Promise<void> {
  switch (fact.kind) {
    case 'observations':
      return store.writeObservations(fact.observations);
    case 'scan-run':
      return store.writeScanRun(fact.run);
    case 'ct-entries':
      return store.writeCtEntries(fact.entries);
    case 'answers':
      return store.writeAnswers(fact.answers);
    case 'ct-position':
      return store.writeCtPosition(fact.position);
  }
}
