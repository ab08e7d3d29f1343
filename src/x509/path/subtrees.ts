import {
  contextTag,
  DerError,
  expectElement,
  readSmallInteger,
  tags,
  children,
  type DerElement,
} from '../read/der.js';
import { isDnsName } from './dns-name.js';
import { optionalFields } from './fields.js';
import { generalNameText, readGeneralName, splitMailbox, type GeneralName } from './general-name.js';
import { isContiguousMask } from './ip-address.js';

/** The name constraints of one CA certificate; hosts are in lower case. */
export interface NameConstraints {
  readonly permitted: readonly GeneralName[];
  readonly excluded: readonly GeneralName[];
  /** Some dNSName begins with a dot, which RFC 5280 knows for other forms only. */
  readonly hasLeadingDot: boolean;
}

/** Reads NameConstraints; every constraint must have the form of RFC 5280 section 4.2.1.10. Throws DerError. */
export function readNameConstraints(bytes: Uint8Array, element: DerElement): NameConstraints {
  const sequence = expectElement(bytes, tags.sequence, element.start, element.end);
  const fields = optionalFields(bytes, sequence, [contextTag(0, true), contextTag(1, true)]);
  const [permitted, excluded] = fields.map((field) =>
    field === undefined ? null : readSubtrees(bytes, field),
  );
  if (!permitted && !excluded) throw new DerError('neither permits nor excludes anything', element.start);
  const all = [...(permitted ?? []), ...(excluded ?? [])];
  const hasLeadingDot = all.some((name) => name.kind === 'dns' && name.text.startsWith('.'));
  return { permitted: permitted ?? [], excluded: excluded ?? [], hasLeadingDot };
}

function readSubtrees(bytes: Uint8Array, element: DerElement): readonly GeneralName[] {
  const subtrees = [...children(bytes, element)].map((child) => readSubtree(bytes, child));
  if (subtrees.length === 0) throw new DerError('list of no subtrees', element.start);
  return subtrees;
}

function readSubtree(bytes: Uint8Array, element: DerElement): GeneralName {
  const sequence = expectElement(bytes, tags.sequence, element.start, element.end);
  const [base, ...distances] = children(bytes, sequence);
  if (base === undefined) throw new DerError('subtree without a base', element.start);
  const [minimum, ...more] = distances;
  const isDefault = minimum?.tag === contextTag(0, false) && readSmallInteger(bytes, minimum) === 0;
  if (more.length > 0 || (minimum !== undefined && !isDefault))
    throw new DerError('subtree with a distance', element.start);
  const name = readGeneralName(bytes, base);
  if (!isConstraint(name)) throw new DerError(`${generalNameText(name)} is no constraint`, base.start);
  return name.kind === 'dns' || name.kind === 'uri' ? { ...name, text: name.text.toLowerCase() } : name;
}

/** Zero-length names are not in the standard; all validators take them for "every name of the form". */
function isConstraint(name: GeneralName): boolean {
  switch (name.kind) {
    case 'dns':
      return isHostOrDomain(name.text);
    case 'email':
      return name.text.includes('@') ? splitMailbox(name.text) !== null : isHostOrDomain(name.text);
    case 'uri':
      return isHostOrDomain(name.text);
    case 'ip': {
      const { length } = name.octets;
      return (length === 8 || length === 32) && isContiguousMask(name.octets.subarray(length / 2));
    }
    default:
      return true;
  }
}

function isHostOrDomain(text: string): boolean {
  return text === '' || isDnsName(text.startsWith('.') ? text.slice(1) : text);
}
