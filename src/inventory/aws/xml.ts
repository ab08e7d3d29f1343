/**
 * Reading of the flat XML that AWS's Query protocol answers: elements by name, wherever they stand. Enough for answers whose elements have
 * names of their own; attributes, comments and CDATA do not occur in them.
 */

/** Contents of every element of this name, in order. */
export function elements(xml: string, name: string): readonly string[] {
  return [...xml.matchAll(new RegExp(`<${name}>([^]*?)</${name}>`, 'g'))].map(([, content]) => content ?? '');
}

/** Text of the first element of this name; null when there is none. */
export function elementText(xml: string, name: string): string | null {
  const [content] = elements(xml, name);
  return content === undefined ? null : decode(content);
}

const entities: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

function decode(text: string): string {
  return text.replace(
    /&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|(\w+));/gi,
    (whole, decimal?: string, hex?: string, name?: string) => {
      const code = decimal === undefined ? (hex === undefined ? null : parseInt(hex, 16)) : Number(decimal);
      if (code !== null) return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
      return entities[name ?? ''] ?? whole;
    },
  );
}
