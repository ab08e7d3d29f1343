import * as der from '../../support/der-writer.js';
import { extension } from '../../support/pki.js';
import { ext, type ChainSpec, type LinkSpec } from '../../support/chain.js';
import { accepts, refuses, testSection } from './cases.js';

const one = '1.3.6.1.4.1.55555.10.1';
const two = '1.3.6.1.4.1.55555.10.2';
const three = '1.3.6.1.4.1.55555.10.3';
const any = '2.5.29.32.0';

interface Policies {
  readonly has?: readonly string[];
  readonly maps?: readonly (readonly [string, string])[];
  /** requireExplicitPolicy. */
  readonly explicit?: number;
  /** inhibitPolicyMapping. */
  readonly noMapping?: number;
  readonly noAny?: number;
  readonly link?: LinkSpec;
}

/** A certificate with these policy extensions. */
function link({ has, maps, explicit, noMapping, noAny, link: more }: Policies): LinkSpec {
  const constraints = explicit !== undefined || noMapping !== undefined;
  return {
    ...more,
    extensions: {
      ...(has === undefined ? {} : { policies: ext.policies(...has) }),
      ...(maps === undefined ? {} : { mappings: ext.mappings(...maps) }),
      ...(constraints ? { pc: ext.policyConstraints(explicit ?? null, noMapping ?? null) } : {}),
      ...(noAny === undefined ? {} : { noAny: ext.inhibitAny(noAny) }),
    },
  };
}

const chain = (leaf: Policies, ...issuers: readonly Policies[]): { leaf: LinkSpec; issuers: LinkSpec[] } => ({
  leaf: link(leaf),
  issuers: issuers.map(link),
});

testSection('RFC 5280 section 4.2.1.4', [
  accepts('policies that nobody demands and that do not match', chain({ has: [one] }, { has: [two] })),
  accepts('no policies at all', chain({}, {})),
  refuses('a policy listed twice', chain({ has: [one, one] }, { has: [one] }), 'policy-repeated'),
  refuses(
    'an empty list',
    { leaf: { extensions: { policies: extension('2.5.29.32', false, der.sequence()) } } },
    'malformed-extension',
  ),
  accepts('qualifiers', {
    leaf: {
      extensions: {
        policies: extension(
          '2.5.29.32',
          false,
          der.sequence(
            der.sequence(
              der.oid(one),
              der.sequence(
                der.sequence(der.oid('1.3.6.1.5.5.7.2.1'), der.ia5String('http://ca.example/cps')),
              ),
            ),
          ),
        ),
      },
    },
  }),
]);

/** certificatePolicies with one policy and a qualifier of this kind. */
const qualified = (qualifier: string, critical: boolean): ChainSpec => {
  const info = der.sequence(der.oid(qualifier), der.ia5String('http://ca.example/cps'));
  const policies = der.sequence(der.sequence(der.oid(one), der.sequence(info)));
  return { leaf: { extensions: { policies: extension('2.5.29.32', critical, policies) } } };
};

testSection('RFC 5280 section 4.2.1.4, qualifiers', [
  accepts('an unknown one where policies are not critical', qualified('1.2.3.4', false)),
  refuses('an unknown one where they are', qualified('1.2.3.4', true), 'unknown-critical-extension'),
  accepts('a known one where they are', qualified('1.3.6.1.5.5.7.2.1', true)),
]);

const anchored = (root: Policies, leaf: Policies): ChainSpec => ({
  root: link(root),
  issuers: [],
  leaf: link(leaf),
});

testSection('RFC 5937 section 3.2', [
  refuses(
    'a leaf without the policy its root demands',
    anchored({ has: [one], explicit: 0 }, {}),
    'policy-not-valid',
  ),
  accepts('a leaf with the policy its root demands', anchored({ has: [one], explicit: 0 }, { has: [one] })),
  refuses(
    'a leaf with another policy',
    anchored({ has: [one], explicit: 0 }, { has: [two] }),
    'policy-not-valid',
  ),
  accepts('any policy where the root names none', anchored({ explicit: 0 }, { has: [two] })),
  refuses(
    'anyPolicy where the root inhibits it',
    anchored({ noAny: 0, explicit: 0 }, { has: [any] }),
    'policy-not-valid',
  ),
  accepts(
    'a policy that the root maps',
    anchored({ has: [one], maps: [[one, two]], explicit: 0 }, { has: [two] }),
  ),
]);

testSection('RFC 5280 section 6.1.3 (d) to (f)', [
  accepts('a demanded policy that all have', chain({ has: [one] }, { has: [one], explicit: 0 })),
  refuses(
    'a demanded policy that the leaf lacks',
    chain({}, { has: [one], explicit: 0 }),
    'policy-not-valid',
  ),
  refuses(
    'a leaf with another policy',
    chain({ has: [two] }, { has: [one], explicit: 0 }),
    'policy-not-valid',
  ),
  accepts('one common policy of several', chain({ has: [three, two] }, { has: [one, two], explicit: 0 })),
  refuses(
    'policies that no two have in common',
    chain({ has: [one] }, { has: [one, two], explicit: 0 }, { has: [two, three] }),
    'policy-not-valid',
  ),
  accepts('any policy of the issuer', chain({ has: [two] }, { has: [any], explicit: 0 })),
  accepts('any policy of the leaf', chain({ has: [any] }, { has: [one], explicit: 0 })),
  refuses('a gap in the middle', chain({ has: [one] }, { has: [one], explicit: 0 }, {}), 'policy-not-valid'),
  refuses(
    'a gap above the demand',
    chain({ has: [one] }, {}, { has: [one], explicit: 0 }),
    'policy-not-valid',
  ),
]);

testSection('RFC 5280 section 4.2.1.11', [
  accepts('a demand that starts only after the leaf', chain({}, { explicit: 3 })),
  refuses('a demand that starts with the leaf', chain({}, { explicit: 1 }), 'policy-not-valid'),
  accepts('a demand that starts after the leaf', chain({}, { explicit: 2 })),
  refuses('a demand two below that starts with the leaf', chain({}, { explicit: 2 }, {}), 'policy-not-valid'),
  accepts(
    'a later demand that is weaker',
    chain({ has: [one] }, { has: [one], explicit: 0 }, { has: [one], explicit: 9 }),
  ),
  refuses(
    'a leaf that a weaker later demand does not free',
    chain({}, { has: [one], explicit: 0 }, { has: [one], explicit: 9 }),
    'policy-not-valid',
  ),
  refuses('a leaf that demands of itself', chain({ explicit: 0 }, {}), 'policy-not-valid'),
  refuses(
    'policyConstraints that are not critical',
    { issuers: [{ extensions: { pc: ext.policyConstraints(3, null, false) } }] },
    'policy-constraints-not-critical',
  ),
  refuses(
    'empty policyConstraints',
    { issuers: [{ extensions: { pc: ext.policyConstraints(null) } }] },
    'policy-constraints-malformed',
  ),
  refuses(
    'a negative number',
    {
      issuers: [
        {
          extensions: {
            pc: extension('2.5.29.36', true, der.sequence(der.context(0, false, Buffer.from([0xff])))),
          },
        },
      ],
    },
    'policy-constraints-malformed',
  ),
  accepts(
    'a self-issued CA that does not count',
    chain({}, { explicit: 2, link: { subject: 'Same' } }, { link: { subject: 'Same' } }),
  ),
]);

testSection('RFC 5280 section 4.2.1.5', [
  accepts('a mapped policy', chain({ has: [two] }, { has: [one], maps: [[one, two]], explicit: 0 })),
  refuses(
    'the policy that was mapped away',
    chain({ has: [one] }, { has: [one], maps: [[one, two]], explicit: 0 }),
    'policy-not-valid',
  ),
  accepts(
    'one of two it was mapped to',
    chain(
      { has: [three] },
      {
        has: [one],
        maps: [
          [one, two],
          [one, three],
        ],
        explicit: 0,
      },
    ),
  ),
  accepts(
    'a mapping of any policy the issuer has',
    chain({ has: [two] }, { has: [any], maps: [[one, two]], explicit: 0 }),
  ),
  refuses(
    'a mapping of a policy the issuer lacks',
    chain({ has: [two] }, { has: [three], maps: [[one, two]], explicit: 0 }),
    'policy-not-valid',
  ),
  refuses(
    'a mapping where mapping is inhibited',
    chain({ has: [two] }, { has: [one], noMapping: 0, explicit: 0 }, { has: [one], maps: [[one, two]] }),
    'policy-not-valid',
  ),
  accepts(
    'a mapping before it is inhibited',
    chain({ has: [two] }, { has: [one], noMapping: 1, explicit: 0 }, { has: [one], maps: [[one, two]] }),
  ),
  refuses(
    'a mapping from anyPolicy',
    chain({ has: [two] }, { has: [any], maps: [[any, two]] }),
    'policy-mapping-any',
  ),
  refuses(
    'a mapping to anyPolicy',
    chain({ has: [two] }, { has: [one], maps: [[one, any]] }),
    'policy-mapping-any',
  ),
  accepts(
    'two mappings one after the other',
    chain(
      { has: [three] },
      { has: [one], maps: [[one, two]], explicit: 0 },
      { has: [two], maps: [[two, three]] },
    ),
  ),
]);

testSection('RFC 5280 section 4.2.1.14', [
  refuses(
    "the leaf's anyPolicy where it is inhibited",
    chain({ has: [any] }, { has: [one], noAny: 0, explicit: 0 }),
    'policy-not-valid',
  ),
  accepts(
    "the leaf's anyPolicy before it is inhibited",
    chain({ has: [any] }, { has: [one], noAny: 1, explicit: 0 }),
  ),
  accepts(
    'a named policy where anyPolicy is inhibited',
    chain({ has: [one] }, { has: [one], noAny: 0, explicit: 0 }),
  ),
  refuses(
    "a lower issuer's anyPolicy where it is inhibited",
    chain({ has: [one] }, { has: [one], noAny: 0, explicit: 0 }, { has: [any] }),
    'policy-not-valid',
  ),
  accepts(
    "a self-issued issuer's anyPolicy",
    chain(
      { has: [one] },
      { has: [one], noAny: 0, explicit: 0, link: { subject: 'Same' } },
      { has: [any], link: { subject: 'Same' } },
    ),
  ),
  refuses(
    'inhibitAnyPolicy that is not critical',
    { issuers: [{ extensions: { noAny: ext.inhibitAny(1, false) } }] },
    'inhibit-any-policy-not-critical',
  ),
]);
