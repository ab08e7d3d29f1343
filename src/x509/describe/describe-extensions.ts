import type { ExtensionLine } from '../../model/inspect-line.js';
import { parseFull, type FullExtension } from './full-parse.js';

/** Names of extensions that the library does not know. */
const names: Readonly<Record<string, string>> = {
  '1.3.6.1.4.1.11129.2.4.2': 'Signed Certificate Timestamps',
  '1.3.6.1.4.1.11129.2.4.3': 'Certificate Transparency Poison',
  '1.3.6.1.5.5.7.1.24': 'TLS Feature',
  '2.23.140.3.1': 'CA/Browser Forum Organization Identifier',
};

/** Lines of one extension that are shown; a certificate can hold thousands of names. */
const maxLines = 200;

/** Every extension of a certificate in words, in order; one sentence instead where it cannot be parsed. Hostile text. Never throws. */
export function describeExtensions(der: Uint8Array): readonly ExtensionLine[] | string {
  const full = parseFull(der);
  return typeof full === 'string' ? full : full.extensions.map(describe);
}

function describe({ oid, critical, value, text }: FullExtension): ExtensionLine {
  const [heading = '', ...lines] = (text ?? '').split('\n');
  const name = heading.replace(/:(?: critical)?$/, '');
  const isKnown = text !== null && name !== oid;
  const said = isKnown ? lines.map((line) => line.trim()) : [hexLine(value)];
  return { oid, name: isKnown ? name : (names[oid] ?? null), critical, lines: said.slice(0, maxLines) };
}

function hexLine(hex: string): string {
  return hex.length > 120 ? `${hex.slice(0, 120)}... (${hex.length / 2} octets)` : hex;
}
