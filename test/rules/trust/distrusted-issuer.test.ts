import * as der from '../../support/der-writer.js';
import { extension } from '../../support/pki.js';
import { distrustedIssuer } from '../../../src/rules/trust/distrusted-issuer.js';
import { readCertificate } from '../../../src/x509/read/read-certificate.js';
import { aLeaf, publicRoot } from '../profile-support.js';
import { aValidation, testRule } from '../support.js';
import type { CheckInput } from '../../../src/rules/rule.js';

/** Entrust Root Certification Authority - G2: Chrome by SCTs after 2024-11-11, others by notBefore. */
const entrust = '43df5774b03e7fef5fe40d931a7bedf1bb2e6b42738c4e6d3841103d3aa7f339';

/** A certificate below a root, with an SCT of an instant. */
function below(root: string, notBefore: string, notAfter: string, sctAt: string | null): Partial<CheckInput> {
  const time = Buffer.alloc(8);
  time.writeBigUInt64BE(BigInt(Date.parse(sctAt ?? notBefore)));
  const sct = Buffer.concat([Buffer.alloc(33, 1), time, Buffer.from([0, 0, 4, 3, 0, 1, 9])]);
  const list = Buffer.concat([Buffer.from([0, sct.length + 2, 0, sct.length]), sct]);
  const scts = extension('1.3.6.1.4.1.11129.2.4.2', false, der.octetString(list));
  const certificate = readCertificate(
    aLeaf({
      notBefore: new Date(notBefore),
      notAfter: new Date(notAfter),
      extensions: sctAt === null ? {} : { scts },
    }).der,
  );
  return {
    certificate,
    validation: aValidation({ path: [certificate.sha256, root] }),
    now: new Date(notBefore),
  };
}

testRule(distrustedIssuer, [
  {
    name: 'flags an SCT a second after the date of Chrome',
    input: below(entrust, '2024-11-11T20:00:00Z', '2025-02-01T00:00:00Z', '2024-11-12T00:00:00Z'),
    expected: { severity: 'error' },
  },
  {
    name: 'notices the renewal to come of one with an SCT of the last second',
    input: below(entrust, '2024-11-11T20:00:00Z', '2025-02-01T00:00:00Z', '2024-11-11T23:59:59Z'),
    expected: { severity: 'notice' },
  },
  {
    name: 'flags a notBefore after the dates of the others, without SCTs',
    input: below(entrust, '2024-12-24T00:00:00Z', '2025-02-01T00:00:00Z', null),
    expected: { severity: 'error' },
  },
  {
    name: 'passes one that ends before every date',
    input: below(entrust, '2024-01-01T00:00:00Z', '2024-03-01T00:00:00Z', '2024-01-01T01:00:00Z'),
    expected: 'pass',
  },
  {
    name: 'does not apply to a root that nobody distrusts',
    input: below(publicRoot, '2026-01-01T00:00:00Z', '2026-03-01T00:00:00Z', null),
    expected: 'not-applicable',
  },
  {
    name: 'does not apply without a path',
    input: { validation: aValidation() },
    expected: 'not-applicable',
  },
]);
