import { createHash } from 'node:crypto';
import type { ApprovedIssuer, PolicyScope } from '../../../src/model/policy.js';
import { unauthorizedIssuer } from '../../../src/rules/authority/unauthorized-issuer.js';
import type { CheckInput } from '../../../src/rules/rule.js';
import { issueCa, issueFor, spki, type Issued } from '../../support/pki.js';
import { aCertificate, aPolicy, testRule } from '../support.js';

const everything: PolicyScope = { names: [], networks: [], issuers: [], tags: [], environments: [] };
const only = (scope: Partial<PolicyScope>): PolicyScope => ({ ...everything, ...scope });

const approve = (...list: readonly Partial<ApprovedIssuer>[]): Partial<CheckInput> => ({
  policy: aPolicy({
    approvedIssuers: list.map((issuer) => ({
      name: null,
      sha256: null,
      keyId: null,
      scope: everything,
      ...issuer,
    })),
  }),
});

const ca = issueCa('Approved CA');
const impostor = issueCa('Approved CA');
const hash = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
const asIssuer = ({ der, sha256, key }: Issued) =>
  aCertificate({ der, sha256, spkiSha256: hash(spki(key)), subjectSha256: 'dd'.repeat(32), isCa: true });
const issuedBy = (issuer: Issued) => aCertificate({ der: issueFor('www.example.com', { issuer }).der });

testRule(unauthorizedIssuer, [
  {
    name: 'does not apply to what nobody can read',
    input: {
      ...approve({ name: 'Other CA' }),
      certificate: aCertificate({
        issuer: '',
        problems: [{ code: 'bad-encoding', message: 'x', fatal: true }],
      }),
    },
    expected: 'not-applicable',
  },
  {
    name: 'flags an issuer without a name in a certificate that can be read',
    input: { ...approve({ name: 'Other CA' }), certificate: aCertificate({ issuer: '' }) },
    expected: { severity: 'error' },
  },
  {
    name: 'flags an issuer that is not approved',
    input: approve({ name: 'Other CA' }),
    expected: {
      severity: 'error',
      details: { issuer: 'CN=R3,O=Good CA,C=NL', ownedNames: ['www.example.com'] },
    },
  },
  {
    name: 'passes a name contained in the issuer, case folded',
    input: approve({ name: 'o=good ca' }),
    expected: 'pass',
  },
  {
    name: 'passes an approved key identifier',
    input: approve({ name: 'Other' }, { keyId: '02' }),
    expected: 'pass',
  },
  { name: 'flags another key identifier', input: approve({ keyId: '03' }), expected: { severity: 'error' } },
  {
    name: 'passes the hash of the issuer certificate that came along and signed',
    input: { ...approve({ sha256: ca.sha256 }), certificate: issuedBy(ca), chain: [asIssuer(ca)] },
    expected: 'pass',
  },
  {
    name: "passes the hash of the issuer's key",
    input: { ...approve({ sha256: hash(spki(ca.key)) }), certificate: issuedBy(ca), chain: [asIssuer(ca)] },
    expected: 'pass',
  },
  {
    name: 'flags an approved issuer that came along but did not sign',
    input: { ...approve({ sha256: ca.sha256 }), certificate: issuedBy(impostor), chain: [asIssuer(ca)] },
    expected: { severity: 'error' },
  },
  {
    name: 'flags garbage in the place of the signature check',
    input: { ...approve({ sha256: ca.sha256 }), chain: [asIssuer(ca)] },
    expected: { severity: 'error' },
  },
  {
    name: 'only warns when hashes are approved and the issuer did not come along: nobody can tell',
    input: { ...approve({ sha256: ca.sha256 }, { name: 'Other CA' }), source: 'logged' },
    expected: { severity: 'warning' },
  },
  {
    name: 'flags a logged precertificate of another issuer',
    input: {
      ...approve({ name: 'Other CA' }),
      source: 'logged',
      certificate: aCertificate({ isPrecertificate: true }),
    },
    expected: { severity: 'error' },
  },
  {
    name: 'flags an issuer that is approved for another domain only',
    input: approve(
      { name: 'Good CA', scope: only({ names: ['shop.example.com'] }) },
      { name: 'Other CA', scope: only({ names: ['www.example.com'] }) },
    ),
    expected: { severity: 'error', details: { refusedFor: ['www.example.com'] } },
  },
  {
    name: 'passes one that is approved for the domain',
    input: approve({ name: 'Good CA', scope: only({ names: ['example.com'] }) }, { name: 'Other CA' }),
    expected: 'pass',
  },
  {
    name: 'does not apply to a name that no line is about: any CA may issue for it',
    input: approve({ name: 'Other CA', scope: only({ names: ['shop.example.com'] }) }),
    expected: 'not-applicable',
  },
  {
    name: 'does not apply where the line is about a tag that the host has not',
    input: approve({ name: 'Other CA', scope: only({ tags: ['pci'] }) }),
    expected: 'not-applicable',
  },
  { name: 'does not apply while no issuer is named in the policy', input: {}, expected: 'not-applicable' },
  {
    name: 'does not apply to names of other people',
    input: {
      ...approve({ name: 'Other CA' }),
      certificate: aCertificate({ names: ['example.org', 'notexample.com'] }),
    },
    expected: 'not-applicable',
  },
]);
