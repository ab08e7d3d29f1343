import { certificatesIn } from './certificate-file.js';
import type { ReadCertificate } from './certificate-text.js';
import { sentence } from './sentence.js';
import { walk } from './walk.js';

/**
 * Reads the issuers' certificates and returns what finds an issuer by its name as tables write it: the distinguished name
 * with its parts in either order, or the Common Name alone. The answer is SHA-256 of the Name's DER; null for unknown and
 * for names that several issuers have.
 */
export async function issuerIndex(
  paths: readonly string[],
  read: ReadCertificate,
  signal: AbortSignal,
  onError: (sentence: string) => void,
): Promise<(text: string) => string | null> {
  const byName = new Map<string, Set<string>>();
  const add = (key: string, subjectSha256: string): void => {
    byName.set(key, (byName.get(key) ?? new Set()).add(subjectSha256));
  };
  for (const path of paths) {
    for await (const file of walk(path, { recursive: true, ignore: [] }, signal, onError)) {
      try {
        for await (const { certificate } of certificatesIn(file, read, signal, onError)) {
          if (certificate.subjectSha256 === null) continue;
          add(nameKey(certificate.subject), certificate.subjectSha256);
          for (const name of certificate.commonNames) add(nameKey(`CN=${name}`), certificate.subjectSha256);
        }
      } catch (error) {
        signal.throwIfAborted();
        onError(sentence(file.path, error));
      }
    }
  }
  return (text) => {
    const found = byName.get(nameKey(text.includes('=') ? text : `CN=${text}`));
    return found?.size === 1 ? ([...found][0] ?? null) : null;
  };
}

/** One text for all orders, spacings and cases of a distinguished name's parts (RFC 4514; `\,` does not part). */
function nameKey(text: string): string {
  return text
    .split(/(?<!\\)[,+/]/)
    .map((part) =>
      part
        .trim()
        .replace(/\s*=\s*/, '=')
        .toLowerCase(),
    )
    .filter((part) => part !== '')
    .sort()
    .join(',');
}
