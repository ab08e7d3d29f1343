import { distrustsOf, programmes, programmesOf, programmesWithRootNamed } from '../../lib/root-programmes.js';
import { isInUse, withChain } from '../facts.js';
import type { CertificateRule, CheckInput } from '../rule.js';

/**
 * RFC 5280 section 6.1.1: trust anchors are the choice of who relies on them, and the six large programmes choose differently. A
 * certificate below a root that only some include works for some clients. The lists have the day that is shown.
 */
export const trustedBySome: CertificateRule = {
  kind: 'certificate',
  about: 'issuance',
  id: 'trusted-by-some',
  title: 'Only some root programmes trust the issuer',
  severity: 'notice',
  citation: 'RFC 5280 section 6.1.1 (d); root lists of Mozilla, Chrome, Apple, Microsoft, Android and Java',
  remediation:
    "Serve a chain that every programme trusts (ask the CA for a cross-certificate), or another CA's certificate.",
  appliesTo: (input) => isInUse(input) && trustOf(input) !== null,
  check(input) {
    const trust = trustOf(input) ?? [];
    const without = trust.filter(({ state }) => state === 'not included');
    return without.length === 0 ? null : { details: { programmes: trust } };
  },
};

/** Each programme's verdict on the root of the path; null without a path to a root that some programme knows. */
function trustOf(input: CheckInput) {
  const root = input.validation?.path.at(-1);
  const including = root === undefined ? null : programmesOf(root);
  if (root === undefined || including === null || including.length === 0) return null;
  const crossed = withChain(input).flatMap(({ certificate }) =>
    programmesWithRootNamed(issuerName(certificate.issuer)),
  );
  return programmes().map(({ id, name, date }) => {
    const until =
      distrustsOf(root)
        .find(({ programme }) => programme === id)
        ?.after.toISOString() ?? null;
    const isIncluded = including.includes(id) || crossed.includes(id);
    const state = !isIncluded ? 'not included' : until === null ? 'trusted' : 'trusted until a date';
    return { programme: name, state, until: isIncluded ? until : null, dataOf: date };
  });
}

/** The Common Name of an issuer, in RFC 4514 text. */
function issuerName(issuer: string): string {
  return /(?:^|,)CN=((?:\\.|[^,\\+])+)/.exec(issuer)?.[1]?.replace(/\\(.)/g, '$1') ?? '';
}
