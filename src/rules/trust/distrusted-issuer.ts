import { distrustAsOf, distrustsOf, programmes, type Distrust } from '../../lib/root-programmes.js';
import { isInUse, nextInstant } from '../facts.js';
import type { CertificateRule, CheckInput } from '../rule.js';
import { earliestSctMs } from '../scts.js';

/**
 * A root programme that loses confidence in a CA stops trusting what it issues after a date: Chrome by the earliest SCT, the others by
 * notBefore (policies of the programmes; RFC 5280 section 6.1.1 leaves such limits to the trust anchor). What was issued before goes on
 * working; its renewal will not.
 */
export const distrustedIssuer: CertificateRule = {
  kind: 'certificate',
  about: 'issuance',
  id: 'distrusted-issuer',
  title: 'Root programme distrusts the issuer',
  severity: 'error',
  citation: 'RFC 5280 section 6.1.1 (d); distrust dates of Mozilla, Chrome, Apple, Microsoft and Java',
  remediation:
    'Get the certificate from another CA: the software of the named programmes refuses this one, or will refuse its renewal.',
  appliesTo: (input) => isInUse(input) && distrusts(input).length > 0,
  check(input) {
    const all = distrusts(input).map((distrust) => ({ distrust, state: stateOf(distrust, input) }));
    const hit = all.filter(({ state }) => state !== 'unaffected');
    if (hit.length === 0) return null;
    const isRefused = hit.some(({ state }) => state === 'refused');
    const details = { root: hit[0]?.distrust.name, programmes: hit.map(line), dataOf: distrustAsOf() };
    return isRefused ? { details } : { details, severity: 'notice' };
  },
  standsUntil: (input) =>
    nextInstant(
      input.now,
      distrusts(input).map(({ after }) => after.getTime() + 1),
    ),
};

function distrusts({ validation }: CheckInput): readonly Distrust[] {
  const root = validation?.path.at(-1);
  return root === undefined ? [] : distrustsOf(root);
}

/** `renewal`: this certificate was issued before the date, its renewal will not be. */
function stateOf(distrust: Distrust, input: CheckInput): 'refused' | 'renewal' | 'unaffected' {
  const { notBefore, notAfter } = input.certificate;
  const issuedMs = distrust.clock === 'sct' ? earliestSctMs(input) : (notBefore?.getTime() ?? null);
  if (issuedMs === null || notAfter === null) return 'unaffected';
  if (issuedMs > distrust.after.getTime()) return 'refused';
  return notAfter > distrust.after ? 'renewal' : 'unaffected';
}

function line({ distrust, state }: { readonly distrust: Distrust; readonly state: string }) {
  const { programme, clock, after, source, appliesFrom = null } = distrust;
  const name = programmes().find(({ id }) => id === programme)?.name ?? programme;
  return { programme: name, state, clock, after: after.toISOString(), appliesFrom, source };
}
