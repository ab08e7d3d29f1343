/** A string in a document that holds certificates in one of the usual codings, and where it stands. */
export interface Embedded {
  /** Path in the document, for example `items.0.data["tls.crt"]`; empty where there is none. */
  readonly place: string;
  /** The certificates' bytes or text, decoded as far as base64 goes. */
  readonly bytes: Buffer;
}

/** Levels of nesting that are followed; exports of real tools have about ten. */
const maxDepth = 64;

/** Base64 of `-----BEGIN `, and of a SEQUENCE of 256 to 65,535 bytes. */
const base64OfPem = /^LS0tLS1CRUdJTi/;
const base64OfDer = /^MI[IM-P][A-Za-z0-9+/_\s-]{80,}={0,2}\s*$/;

/**
 * Every string of a JSON value that is PEM, base64 of PEM, or base64 (also base64url) of DER, in document order: exports of kubectl,
 * Vault, aws, az, gcloud, Terraform, and Traefik's acme.json. What is base64 of a private key alone is decoded no further.
 */
export function* embeddedIn(value: unknown, place = '', depth = 0): Generator<Embedded, void, undefined> {
  if (typeof value === 'string') {
    const bytes = decodeEmbedded(value);
    if (bytes !== null) yield { place, bytes };
    return;
  }
  if (typeof value !== 'object' || value === null || depth > maxDepth) return;
  const entries: Iterable<[string | number, unknown]> = Array.isArray(value)
    ? value.entries()
    : Object.entries(value);
  for (const [key, inner] of entries) yield* embeddedIn(inner, below(place, key), depth + 1);
}

/** The bytes that a string of a document stands for; null when it holds no certificate in any of the usual codings. */
export function decodeEmbedded(text: string): Buffer | null {
  if (text.length < 100) return null;
  if (text.includes('-----BEGIN ')) return Buffer.from(text);
  const trimmed = text.trim();
  if (base64OfPem.test(trimmed) || base64OfDer.test(trimmed)) return Buffer.from(trimmed, 'base64');
  return null;
}

/** Base64 of PEM anywhere in other text (YAML, HCL, environment files), and the X509Certificate elements of XML. */
export function* embeddedInText(text: string): Generator<Embedded, void, undefined> {
  for (const { 0: token } of text.matchAll(/LS0tLS1CRUdJTi[A-Za-z0-9+/]{80,}={0,2}/g))
    yield { place: '', bytes: Buffer.from(token, 'base64') };
  for (const { 1: body = '' } of text.matchAll(/<(?:[\w.-]{1,40}:)?X509Certificate>([^<]{80,})</g))
    yield { place: '', bytes: Buffer.from(body, 'base64') };
}

/** The path of `key` below `place`, written as in JavaScript. */
export function below(place: string, key: string | number): string {
  const text = String(key);
  if (/^[\w-]{1,60}$/.test(text)) return place === '' ? text : `${place}.${text}`;
  return `${place}[${JSON.stringify(text.slice(0, 60))}]`;
}
