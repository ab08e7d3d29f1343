import { existsSync } from 'node:fs';
import { openRootStore, readRootFile, rootStoreKinds } from '../trust/roots.js';
import type { RootStore } from '../x509/path/root-store.js';

/**
 * The root stores that `--roots` names: mozilla, node or system, files of own roots, or several of them joined by `+`
 * (`mozilla+ca.pem`). A file in the current folder that is called like a public store is `./mozilla`. Throws one sentence.
 */
export function openRoots(roots: string): Promise<readonly RootStore[]> {
  // A file whose own name has a + in it is taken as it is.
  const parts = existsSync(roots) ? [roots] : roots.split('+');
  return Promise.all(
    parts.map((part) => {
      if (part === '')
        throw new Error(
          `--roots ${roots}: give public roots (${rootStoreKinds.join(', ')}), a PEM file, or both as mozilla+ca.pem`,
        );
      const kind = rootStoreKinds.find((name) => name === part);
      return kind === undefined ? readRootFile(part) : openRootStore(kind);
    }),
  );
}
