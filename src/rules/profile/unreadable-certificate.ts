import { withChain } from '../facts.js';
import type { CertificateRule } from '../rule.js';

/**
 * What cannot be read cannot be judged, yet a client may accept it: it is told, with the names found in its bytes, never
 * skipped (the model of certspotter). An unreadable intermediate is told as a warning.
 */
export const unreadableCertificate: CertificateRule = {
  kind: 'certificate',
  about: 'issuance',
  id: 'unreadable-certificate',
  title: 'Certificate cannot be read',
  severity: 'error',
  citation: 'RFC 5280 section 4.1',
  remediation:
    'Replace it. If other programs read it, keep its bytes and report them: our reader may be wrong.',
  appliesTo: () => true,
  check(input) {
    const unreadable = withChain(input).flatMap(({ certificate, position }) => {
      const problem = certificate.problems.find(({ fatal }) => fatal);
      if (problem === undefined) return [];
      const { sha256, der } = certificate;
      const names = wholeOnes(certificate.names.slice(0, mostNames));
      return [{ position, sha256, bytes: der.length, code: problem.code, message: problem.message, names }];
    });
    const [first] = unreadable;
    if (first === undefined) return null;
    const details = { certificates: unreadable };
    return first.position === 0 ? { details } : { details, severity: 'warning' };
  },
};

/** Names listed for one certificate. */
const mostNames = 100;

/** In damaged bytes everything that may be a name counts, for matching; people need no beginnings of other names. */
function wholeOnes(names: readonly string[]): readonly string[] {
  return names.filter((name) => !names.some((other) => other !== name && other.startsWith(name)));
}
