/**
 * One text for every usual spelling of a distinguished name: RFC 4514 (either order), OpenSSL's `/C=US/O=x` and `C = US, O = x`, Windows'
 * quotes, `+` between values of one RDN, escapes, attribute types by other names or as object identifiers, any case and spacing.
 */
export function nameKey(text: string): string {
  return partsOf(text)
    .map(([type, value]) => `${typeKey(type)}=${valueKey(value)}`)
    .sort()
    .join(',');
}

/** Attribute types by the name RFC 4514 gives them, from what else they are called. */
const aliases: Readonly<Record<string, string>> = {
  '2.5.4.3': 'cn',
  commonname: 'cn',
  '2.5.4.6': 'c',
  countryname: 'c',
  country: 'c',
  '2.5.4.7': 'l',
  localityname: 'l',
  locality: 'l',
  '2.5.4.8': 'st',
  s: 'st',
  sp: 'st',
  stateorprovincename: 'st',
  state: 'st',
  '2.5.4.9': 'street',
  streetaddress: 'street',
  '2.5.4.10': 'o',
  organizationname: 'o',
  organization: 'o',
  '2.5.4.11': 'ou',
  organizationalunitname: 'ou',
  organizationalunit: 'ou',
  '2.5.4.5': 'serialnumber',
  sn: 'serialnumber',
  '2.5.4.97': 'organizationidentifier',
  '0.9.2342.19200300.100.1.25': 'dc',
  domaincomponent: 'dc',
  '1.2.840.113549.1.9.1': 'email',
  e: 'email',
  emailaddress: 'email',
  mail: 'email',
};

function typeKey(type: string): string {
  const bare = type
    .trim()
    .toLowerCase()
    .replace(/^oid\.?/, '');
  return aliases[bare] ?? bare;
}

function valueKey(value: string): string {
  return value.normalize('NFKC').trim().replace(/\s+/g, ' ').toLowerCase();
}

/** Type and value of each part; parts without a type belong to the value before, for some tools do not escape commas. */
function partsOf(text: string): readonly (readonly [type: string, value: string])[] {
  const parts: [string, string][] = [];
  for (const part of split(text.trim())) {
    const [, type, value = ''] = /^\s*([A-Za-z][\w.-]*|\d+(?:\.\d+)+)\s*=([^]*)$/.exec(part.text) ?? [];
    const last = parts.at(-1);
    if (type !== undefined) parts.push([type, value]);
    else if (last !== undefined) last[1] += part.separator + part.text;
    else if (part.text.trim() !== '') parts.push(['cn', part.text]);
  }
  return parts.map(([type, value]) => [type, unescape(value)]);
}

/** Splits at separators that are neither escaped nor quoted: slashes when the name begins with one, else commas, semicolons, plus signs. */
function split(text: string): readonly { readonly text: string; readonly separator: string }[] {
  const separators = text.startsWith('/') ? '/' : ',;+\n';
  const parts: { text: string; separator: string }[] = [{ text: '', separator: '' }];
  let quoted = false;
  for (let at = 0; at < text.length; at += 1) {
    const character = text.charAt(at);
    const last = parts.at(-1);
    if (last === undefined) break;
    if (character === '\\') {
      last.text += character + text.charAt(at + 1);
      at += 1;
    } else if (character === '"') {
      quoted = !quoted;
      last.text += character;
    } else if (!quoted && separators.includes(character)) parts.push({ text: '', separator: character });
    else last.text += character;
  }
  return parts;
}

/** Quotes off, escapes undone: `\,`, `\2C`, and UTF-8 octet by octet (RFC 4514 section 2.4). */
function unescape(value: string): string {
  const trimmed = value.trim();
  const bare = /^"([^]*)"$/.exec(trimmed)?.[1]?.replaceAll('""', '"') ?? trimmed;
  return bare
    .replace(/(?:\\[0-9A-Fa-f]{2})+/g, (octets) => Buffer.from(octets.replaceAll('\\', ''), 'hex').toString())
    .replace(/\\(.)/g, '$1');
}
