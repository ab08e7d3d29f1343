/** How an auditor checks an export without Certglass. */
export const readme = `Evidence exported by Certglass
==============================

controls.html    what each control of the framework is answered by, and what it is not
scope.json       what was scanned and followed
policy.json      the policy in force when this was made
rules.json       every rule, with the standard it rests on
reports/         the reports as pages
data/            every list in full, as CSV and as JSON lines; lists are populations: everything of the period, not a sample
                 data/findings/history.jsonl   every state of every finding, with who changed it and when
                 data/coverage/gaps.csv        hours in which nothing was observed
                 data/audit.jsonl              what people and Certglass changed, a chain of hashes
                 data/reviews.jsonl            reviews closed in the period: who confirmed what when, and what had changed
                 data/incidents.jsonl          incidents and drills closed in the period
                 data/certificates.pem         the certificates themselves, each under its SHA-256
present/         what is as it was when this was made, not as it was in the period: logs and how far they are followed
manifest.json    period, versions, and the SHA-256 and size of every file above
manifest.sig     Ed25519 signature over manifest.json, base64
public-key.pem   the key to check it with; compare its fingerprint with the one you were given in person

With Certglass:     certglass evidence verify FILE --key public-key.pem
Without it:         unzip FILE; sha256sum each file and compare with manifest.json;
                    base64 -d manifest.sig > signature
                    openssl pkeyutl -verify -pubin -inkey public-key.pem -rawin -in manifest.json -sigfile signature

CT entries are listed with log id, index and leaf hash. "verified" means that Certglass proved the entry against a tree head which the log
signed; the proof itself is not part of this export, since any monitor can ask the log for it by these values.
`;
