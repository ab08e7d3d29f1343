import { contentStart, endOf, identifyExtension, type Layout } from './layout.js';
import { dottedOid } from './oids.js';

/** Extensions that the fast reader does not decode. */
export interface StrayExtensions {
  /** Dotted object identifiers of extensions that come more than once, each once. */
  readonly repeated: readonly string[];
  /** Start and end, in pairs, of the values of unknown extensions and of repetitions. */
  readonly strays: readonly number[];
}

/** Walks the extension list once more, for the rare certificate that has unknown or repeated extensions. */
export function strayExtensions(bytes: Buffer, layout: Layout): StrayExtensions {
  const seen = new Set<string>();
  const repeated = new Set<string>();
  const strays: number[] = [];
  let at = layout.extensionList;
  const limit = layout.extensionListEnd;
  while (at < limit) {
    const end = endOf(bytes, at, limit, true);
    const oid = contentStart(bytes, at);
    const oidEnd = end < 0 ? -1 : endOf(bytes, oid, end, true);
    if (oidEnd < 0) break;
    const from = contentStart(bytes, oid);
    const key = bytes.toString('latin1', from, oidEnd);
    if (seen.has(key)) repeated.add(dottedOid(bytes, from, oidEnd) ?? key);
    if (seen.has(key) || identifyExtension(bytes, from, oidEnd) < 0) strays.push(oidEnd, end);
    seen.add(key);
    at = end;
  }
  return { repeated: [...repeated], strays };
}
