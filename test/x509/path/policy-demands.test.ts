import { ext, type ChainSpec } from '../../support/chain.js';
import type { PolicyDemand } from '../../../src/x509/path/policies.js';
import { accepts, refuses, testSection, type CaseOptions } from './cases.js';

const one = '1.3.6.1.4.1.55555.10.1';
const two = '1.3.6.1.4.1.55555.10.2';
const three = '1.3.6.1.4.1.55555.10.3';
const any = '2.5.29.32.0';

const asked = (acceptable: readonly string[] | null, more: Partial<PolicyDemand> = {}): CaseOptions => ({
  policies: { acceptable, isRequired: true, inhibitMapping: false, inhibitAny: false, ...more },
});

/** A leaf of these policies below an issuer of those, which maps some. */
const chain = (
  leaf: readonly string[] | null,
  issuer: readonly string[] | null,
  ...maps: readonly (readonly [string, string])[]
): ChainSpec => ({
  leaf: { extensions: { policies: leaf === null ? null : ext.policies(...leaf) } },
  issuers: [
    {
      extensions: {
        policies: issuer === null ? null : ext.policies(...issuer),
        ...(maps.length === 0 ? {} : { maps: ext.mappings(...maps) }),
      },
    },
  ],
});

testSection('RFC 5280 section 6.1.1 (c), the policies the caller accepts', [
  accepts('the one policy', chain([one], [one]), asked([one])),
  accepts('one of several', chain([two], [one, two]), asked([two, three])),
  accepts('any policy', chain([one], [one]), asked(null)),
  accepts('any policy by its name', chain([one], [one]), asked([any])),
  accepts('anyPolicy all the way', chain([any], [any]), asked([one])),
  accepts("the leaf's policy below anyPolicy", chain([one], [any]), asked([one])),
  accepts("the issuer's policy above anyPolicy", chain([any], [one]), asked([one])),
  refuses('another policy', chain([one], [one]), 'policy-not-valid', asked([two])),
  refuses("another policy than the issuer's", chain([one], [two]), 'policy-not-valid', asked([one])),
  refuses(
    "another policy than the issuer's, above anyPolicy",
    chain([any], [one]),
    'policy-not-valid',
    asked([two]),
  ),
  refuses('no policy at all', chain(null, [one]), 'policy-not-valid', asked(null)),
  refuses('an issuer without policies', chain([one], null), 'policy-not-valid', asked(null)),
  accepts('no policy where none is demanded', chain(null, null), asked([one], { isRequired: false })),
  accepts('another policy where none is demanded', chain([one], [one]), asked([two], { isRequired: false })),
]);

testSection('RFC 5280 section 6.1.5 (g), policies as the trust anchor calls them', [
  accepts('a policy that the leaf calls otherwise', chain([two], [one], [one, two]), asked([one])),
  refuses("the leaf's own name for it", chain([two], [one], [one, two]), 'policy-not-valid', asked([two])),
  accepts(
    'one of two that lead to the same',
    chain([three], [one, two], [one, three], [two, three]),
    asked([two]),
  ),
  accepts('a policy mapped below anyPolicy', chain([two], [any], [one, two]), asked([one])),
  refuses(
    'a leaf without policies below constraints that demand the acceptable one',
    { ...chain([one], [one]), root: { extensions: { pc: ext.policyConstraints(0) } } },
    'policy-not-valid',
    asked([two], { isRequired: false }),
  ),
]);

testSection('RFC 5280 section 6.1.1 (e) and (g)', [
  refuses(
    'a mapping where the caller inhibits it',
    chain([two], [one], [one, two]),
    'policy-not-valid',
    asked([one], { inhibitMapping: true }),
  ),
  accepts('no mapping where it is inhibited', chain([one], [one]), asked([one], { inhibitMapping: true })),
  refuses(
    'anyPolicy where the caller inhibits it',
    chain([one], [any]),
    'policy-not-valid',
    asked([one], { inhibitAny: true }),
  ),
  accepts(
    'a named policy where anyPolicy is inhibited',
    chain([one], [one]),
    asked([one], { inhibitAny: true }),
  ),
]);
