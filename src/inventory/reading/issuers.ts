import { certificatesIn, type FileReading } from './certificate-file.js';
import { nameKey } from './issuer-name.js';
import { sentence } from './sentence.js';
import { walk } from './walk.js';

/**
 * Reads the issuers' certificates and returns what finds an issuer by its name as tables write it: the distinguished name
 * in any of the usual spellings, or the Common Name alone. The answer is SHA-256 of the Name's DER; null for unknown and
 * for names that several issuers have.
 */
export async function issuerIndex(
  paths: readonly string[],
  reading: FileReading,
  signal: AbortSignal,
): Promise<(text: string) => string | null> {
  const byName = new Map<string, Set<string>>();
  const add = (key: string, subjectSha256: string): void => {
    byName.set(key, (byName.get(key) ?? new Set()).add(subjectSha256));
  };
  for (const path of paths) {
    for await (const file of walk(path, { recursive: true, ignore: [] }, signal, reading.report)) {
      try {
        for await (const { certificate } of certificatesIn(file, reading, signal)) {
          if (certificate.subjectSha256 === null) continue;
          add(nameKey(certificate.subject), certificate.subjectSha256);
          for (const name of certificate.commonNames) add(nameKey(escaped(name)), certificate.subjectSha256);
        }
      } catch (error) {
        signal.throwIfAborted();
        reading.report.error(sentence(file.path, error));
      }
    }
  }
  return (text) => {
    const found = byName.get(nameKey(text));
    return found?.size === 1 ? ([...found][0] ?? null) : null;
  };
}

/** A Common Name as a distinguished name of its own. */
function escaped(commonName: string): string {
  return `CN=${commonName.replace(/[\\,;+"/\n]/g, '\\$&')}`;
}
