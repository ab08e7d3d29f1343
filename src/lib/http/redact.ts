/** Shorter secrets are left alone: replacing every `a` would hide the message and still not the secret. */
const minLength = 4;

const patterns: readonly (readonly [RegExp, string])[] = [
  // User information of a URL.
  [/(\b[a-z][a-z0-9+.-]*:\/\/)[^\s/@]*@/gi, '$1***@'],
  [/\b(bearer|basic|genie-?key|splunk|token)\s+[A-Za-z0-9._~+/=-]{8,}/gi, '$1 ***'],
  [
    /((?:access_|refresh_|id_|client_|api[_-]?|x-vault-|x-amz-security-)?(?:token|secret|password|passwd|key|signature|assertion))(["']?\s*[=:]\s*["']?)(?!status \d)[^\s"'&,;}]{4,}/gi,
    '$1$2***',
  ],
];

/**
 * Takes secrets out of text that people read. Known secrets are replaced in the forms in which they travel (plain, percent-encoded,
 * base64); what looks like a credential (`Bearer ...`, `password=...`, `user:pass@`) is replaced as well.
 */
export function createRedactor(secrets: readonly (string | null | undefined)[]): (text: string) => string {
  const withoutKnown = createSecretRemover(secrets);
  return (text) => {
    let clean = withoutKnown(text);
    for (const [pattern, replacement] of patterns) clean = clean.replace(pattern, replacement);
    return clean;
  };
}

/** Replaces these secrets alone, in the forms in which they travel. */
export function createSecretRemover(
  secrets: readonly (string | null | undefined)[],
): (text: string) => string {
  const forms = new Set<string>();
  for (const secret of secrets) {
    if (secret === null || secret === undefined || secret.length < minLength) continue;
    forms.add(secret).add(encodeURIComponent(secret)).add(Buffer.from(secret).toString('base64'));
    forms.add(JSON.stringify(secret).slice(1, -1));
  }
  const longestFirst = [...forms].sort((a, b) => b.length - a.length);
  return (text) => longestFirst.reduce((clean, form) => clean.replaceAll(form, '***'), text);
}
