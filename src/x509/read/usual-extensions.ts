import { contentStart, endOf, known } from './layout.js';

/** What may stand directly in the value of a known extension (RFC 5280 section 4.2): the value's tag, and its children's. */
interface Shape {
  readonly tag: number;
  readonly children: readonly number[];
}

const primitive: readonly number[] = [];
const shapesByName = {
  subjectAltName: { tag: 0x30, children: [0x82, 0x87, 0x81, 0x86, 0xa0, 0xa4, 0x88] },
  subjectKeyId: { tag: 0x04, children: primitive },
  authorityKeyId: { tag: 0x30, children: [0x80, 0xa1, 0x82] },
  basicConstraints: { tag: 0x30, children: [0x01, 0x02] },
  keyUsage: { tag: 0x03, children: primitive },
  extendedKeyUsage: { tag: 0x30, children: [0x06] },
  crlDistributionPoints: { tag: 0x30, children: [0x30] },
  authorityInfoAccess: { tag: 0x30, children: [0x30] },
  sctList: { tag: 0x04, children: primitive },
  certificatePolicies: { tag: 0x30, children: [0x30] },
  nameConstraints: { tag: 0x30, children: [0xa0, 0xa1] },
} satisfies Record<keyof typeof known, Shape>;
const shapes: Shape[] = [];
for (const name of Object.keys(known) as (keyof typeof known)[]) shapes[known[name]] = shapesByName[name];

/**
 * A shallow look whether an extension's value, in [start, end), is what its identifier says, so that no names can hide in it
 * under a wrong one. Allocates nothing. `index` is one of {@link known}.
 */
export function isUsualExtension(index: number, bytes: Uint8Array, start: number, end: number): boolean {
  const shape = shapes[index];
  if (shape === undefined || bytes[start] !== shape.tag || endOf(bytes, start, end) !== end) return false;
  if (shape.children === primitive) return true;
  let at = contentStart(bytes, start);
  let isUsual = index !== known.authorityKeyId || bytes[at] !== 0x82;
  while (at < end && isUsual) {
    const next = endOf(bytes, at, end);
    isUsual = next > 0 && shape.children.includes(bytes[at] ?? 0);
    at = next;
  }
  return isUsual;
}
