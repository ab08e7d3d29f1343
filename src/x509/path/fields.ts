import { children, DerError, type DerElement } from '../read/der.js';

/**
 * The optional elements of a constructed one, each at its tag's position in `fieldTags`; absent ones are undefined.
 * Throws DerError for a tag that is not listed, repeated, or out of order.
 */
export function optionalFields(
  bytes: Uint8Array,
  parent: DerElement,
  fieldTags: readonly number[],
): readonly (DerElement | undefined)[] {
  const found: (DerElement | undefined)[] = fieldTags.map(() => undefined);
  let next = 0;
  for (const child of children(bytes, parent)) {
    const at = fieldTags.indexOf(child.tag, next);
    if (at < 0) throw new DerError(`unexpected element with tag ${child.tag}`, child.start);
    found[at] = child;
    next = at + 1;
  }
  return found;
}

/** Takes what an encoder should not have written and every reader understands, as a clause. */
export type NoteFault = (fault: string) => void;

/** What one reader makes of one element; throws DerError. */
export type Read<T> = (bytes: Uint8Array, element: DerElement, note?: NoteFault) => T;
