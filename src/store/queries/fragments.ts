/** A row of certificate_names whose name lies under one of the owned domains. */
export const isOwned =
  "arrayExists(d -> name_reversed = reverse(d) OR startsWith(name_reversed, concat(reverse(d), '.')), {ownedDomains:Array(String)})";

/** SHA-256 of the certificates that are revoked by the last answer, as a subquery. */
export const revokedCertificates = `(SELECT key FROM
  (SELECT key, argMax(outcome, (since, version)) AS last FROM answers WHERE question = 'revocation' GROUP BY key) WHERE last = 'revoked')`;
