import * as der from '../../support/der-writer.js';
import { extension } from '../../support/pki.js';
import {
  constrained,
  ext,
  generalName,
  makeChain,
  name,
  nameConstraints,
  type Chain,
  type LinkSpec,
} from '../../support/chain.js';
import { accepts, refuses, testSection } from './cases.js';

const { dns, email, uri, ip, octets, directory, other } = generalName;
const organization = (...more: readonly (readonly [string, string])[]): Buffer =>
  name(['2.5.4.10', 'Example'], ...more);

testSection('RFC 5280 section 4.2.1.10, dNSName', [
  accepts('a name below the permitted domain', constrained([dns('example.com')], [])),
  accepts('the permitted name itself', constrained([dns('www.example.com')], [])),
  accepts('any name below the empty domain', constrained([dns('')], [dns('example.net')])),
  accepts('names whatever their case', constrained([dns('EXAMPLE.com')], [dns('A.Example.COM')])),
  accepts('a wildcard below the permitted domain', constrained([dns('example.com')], [dns('*.example.com')])),
  accepts(
    'a wildcard deeper than the permitted domain',
    constrained([dns('example.com')], [dns('*.a.example.com')]),
  ),
  accepts(
    'one of several permitted domains',
    constrained([dns('example.net'), dns('example.com')], [dns('a.example.net')]),
  ),
  refuses(
    'a name outside the permitted domain',
    constrained([dns('example.com')], [dns('example.net')]),
    'name-not-permitted',
  ),
  refuses(
    'a name that only ends alike',
    constrained([dns('example.com')], [dns('notexample.com')]),
    'name-not-permitted',
  ),
  refuses(
    'the parent of the permitted domain',
    constrained([dns('www.example.com')], [dns('example.com')]),
    'name-not-permitted',
  ),
  refuses(
    'a wildcard of which one name is permitted',
    constrained([dns('www.example.com')], [dns('*.example.com')]),
    'name-not-permitted',
  ),
  refuses('the excluded name', constrained(null, [], [dns('www.example.com')]), 'name-excluded'),
  refuses('a name below the excluded domain', constrained(null, [], [dns('example.com')]), 'name-excluded'),
  refuses('every name below the empty excluded domain', constrained(null, [], [dns('')]), 'name-excluded'),
  refuses(
    'an excluded name below a permitted domain',
    constrained([dns('example.com')], [], [dns('www.example.com')]),
    'name-excluded',
  ),
  refuses(
    'a name both permitted and excluded',
    constrained([dns('www.example.com')], [], [dns('www.example.com')]),
    'name-excluded',
  ),
  refuses(
    'a second name that is excluded',
    constrained(null, [dns('a.example.net')], [dns('example.net')]),
    'name-excluded',
  ),
  refuses(
    'a wildcard of which one name is excluded',
    constrained(null, [dns('*.example.net')], [dns('a.example.net')]),
    'name-excluded',
  ),
  accepts(
    'a wildcard that reaches no excluded name',
    constrained(null, [dns('*.example.net')], [dns('a.b.example.net')]),
  ),
  accepts(
    'a name beside the excluded domain',
    constrained(null, [dns('example.net')], [dns('a.example.net')]),
  ),
  accepts(
    'names of other forms',
    constrained([dns('example.com')], [ip('192.0.2.1'), email('a@example.net'), uri('https://example.net/')]),
  ),
  refuses(
    'a constraint with a wildcard',
    constrained([dns('*.example.com')], []),
    'name-constraints-malformed',
  ),
  accepts(
    'a constraint with a leading dot, as browsers do: the names below it',
    constrained([dns('.example.com')], [dns('www.example.com'), dns('*.example.com')]),
  ),
  refuses(
    'the domain itself under a constraint with a leading dot',
    constrained([dns('.example.com')], [dns('www.example.com'), dns('example.com')]),
    'name-not-permitted',
  ),
  refuses(
    'a name below an excluded constraint with a leading dot',
    constrained(null, [dns('www.example.com')], [dns('.example.com')]),
    'name-excluded',
  ),
  accepts(
    'the domain itself beside an excluded constraint with a leading dot',
    constrained(null, [dns('www.example.com')], [dns('.www.example.com')]),
  ),
  refuses(
    'a constraint with a leading dot where only RFC 5280 counts',
    constrained([dns('.example.com')], [dns('www.example.com')]),
    'name-constraints-malformed',
    { profile: 'rfc5280' },
  ),
  refuses(
    'a constraint with spaces',
    constrained(null, [], [dns('exa mple.com')]),
    'name-constraints-malformed',
  ),
]);

testSection('RFC 5280 section 4.2.1.10, iPAddress', [
  accepts(
    'an address in the permitted range',
    constrained([octets(192, 0, 2, 0, 255, 255, 255, 0)], [ip('192.0.2.77')]),
  ),
  refuses(
    'an address outside it',
    constrained([octets(192, 0, 2, 0, 255, 255, 255, 0)], [ip('192.0.3.77')]),
    'name-not-permitted',
  ),
  accepts('the range of all addresses', constrained([octets(0, 0, 0, 0, 0, 0, 0, 0)], [ip('192.0.3.77')])),
  accepts(
    'a single permitted address',
    constrained([octets(192, 0, 2, 1, 255, 255, 255, 255)], [ip('192.0.2.1')]),
  ),
  accepts('a mask of 23 bits', constrained([octets(192, 0, 2, 0, 255, 255, 254, 0)], [ip('192.0.3.77')])),
  accepts(
    'host bits in the constraint',
    constrained([octets(192, 0, 2, 9, 255, 255, 255, 0)], [ip('192.0.2.1')]),
  ),
  refuses(
    'an excluded address',
    constrained(null, [ip('10.1.2.3')], [octets(10, 0, 0, 0, 255, 0, 0, 0)]),
    'name-excluded',
  ),
  accepts(
    'an IPv6 address in the permitted range',
    constrained([octets(...ipv6Range('2001:db8::', 32))], [ip('2001:db8::1')]),
  ),
  refuses(
    'an IPv6 address outside it',
    constrained([octets(...ipv6Range('2001:db8::', 32))], [ip('2001:db9::1')]),
    'name-not-permitted',
  ),
  refuses(
    'an IPv6 address where only IPv4 is permitted',
    constrained([octets(0, 0, 0, 0, 0, 0, 0, 0)], [ip('2001:db8::1')]),
    'name-not-permitted',
  ),
  accepts(
    'an IPv6 address where only IPv4 is excluded',
    constrained(null, [ip('2001:db8::1')], [octets(0, 0, 0, 0, 0, 0, 0, 0)]),
  ),
  refuses(
    'an excluded IPv6 address',
    constrained(null, [ip('::1')], [octets(...ipv6Range('::1', 128))]),
    'name-excluded',
  ),
  refuses(
    'a mask with a hole',
    constrained([octets(192, 0, 2, 0, 255, 0, 255, 0)], []),
    'name-constraints-malformed',
  ),
  refuses('a constraint without a mask', constrained([ip('192.0.2.1')], []), 'name-constraints-malformed'),
  refuses('an IPv6 constraint without a mask', constrained([ip('::1')], []), 'name-constraints-malformed'),
  accepts('a name of another form', constrained([octets(192, 0, 2, 0, 255, 255, 255, 0)], [])),
]);

function ipv6Range(network: string, bits: number): number[] {
  const address = [...ip(network).subarray(2)];
  return [...address, ...address.map((_, at) => (0xff00 >> Math.min(8, Math.max(0, bits - at * 8))) & 0xff)];
}

testSection('RFC 5280 section 4.2.1.10, forms that cannot be processed', [
  refuses(
    'a name of a form that is excluded critically',
    constrained(null, [other('1.2.3')], [other('1.2.3')]),
    'name-constraint-unsupported',
  ),
  refuses(
    'a name of a form that is permitted critically',
    constrained([other('1.2.3')], [other('1.2.3')]),
    'name-constraint-unsupported',
  ),
  refuses(
    'a registeredID that is constrained',
    constrained(null, [generalName.registeredId()], [generalName.registeredId()]),
    'name-constraint-unsupported',
  ),
  accepts(
    'such a constraint where no such name occurs',
    constrained([dns('example.com')], [], [other('1.2.3')]),
  ),
  accepts('such a constraint that is not critical', {
    issuers: [{ extensions: { nc: nameConstraints(null, [other('1.2.3')], false) } }],
    leaf: { extensions: { san: ext.san([dns('www.example.com'), other('1.2.3')]) } },
  }),
  refuses(
    'nameConstraints without a list',
    { issuers: [{ extensions: { nc: nameConstraints(null) } }] },
    'name-constraints-malformed',
  ),
  refuses(
    'nameConstraints with an empty list',
    { issuers: [{ extensions: { nc: nameConstraints([], []) } }] },
    'name-constraints-malformed',
  ),
  refuses(
    'nameConstraints with one empty list',
    { issuers: [{ extensions: { nc: nameConstraints([dns('example.com')], []) } }] },
    'name-constraints-malformed',
  ),
  refuses(
    'a subtree with a minimum',
    {
      issuers: [
        {
          extensions: {
            nc: extension(
              '2.5.29.30',
              true,
              der.sequence(
                der.context(
                  0,
                  true,
                  der.sequence(dns('example.com'), der.context(0, false, Buffer.from([1]))),
                ),
              ),
            ),
          },
        },
      ],
    },
    'name-constraints-malformed',
  ),
  refuses(
    'a subtree with a maximum',
    {
      issuers: [
        {
          extensions: {
            nc: extension(
              '2.5.29.30',
              true,
              der.sequence(
                der.context(
                  0,
                  true,
                  der.sequence(dns('example.com'), der.context(1, false, Buffer.from([1]))),
                ),
              ),
            ),
          },
        },
      ],
    },
    'name-constraints-malformed',
  ),
]);

const permits = (...domains: readonly string[]): LinkSpec => ({
  extensions: { nc: nameConstraints(domains.map(dns)) },
});

testSection('RFC 5280 section 6.1.4 (g)', [
  accepts('a name that every issuer permits', {
    issuers: [permits('example.com', 'example.net'), permits('example.com')],
  }),
  refuses(
    'a name that the upper issuer does not permit',
    { issuers: [permits('example.net'), permits('example.net', 'example.com')] },
    'name-not-permitted',
  ),
  refuses(
    'a name that the lower issuer does not permit',
    { issuers: [permits('example.net', 'example.com'), permits('example.net')] },
    'name-not-permitted',
  ),
  refuses(
    'a name that the upper issuer excludes',
    {
      issuers: [{ extensions: { nc: nameConstraints(null, [dns('example.com')]) } }, permits('example.com')],
    },
    'name-excluded',
  ),
  accepts('a name that the root permits', { root: permits('example.com') }),
  refuses('a name that the root does not permit', { root: permits('example.net') }, 'name-not-permitted'),
  refuses(
    "an issuer's alternative name that the root does not permit",
    { root: permits('example.com'), issuers: [{ extensions: { san: ext.dns('example.net') } }] },
    'name-not-permitted',
  ),
  refuses(
    "an issuer's subject that the root does not permit",
    {
      root: { extensions: { nc: nameConstraints([directory(organization())]) } },
      leaf: { subject: organization() },
    },
    'name-not-permitted',
  ),
  accepts("the root's own name, which its constraints do not bind", {
    root: {
      subject: name(['2.5.4.10', 'Root']),
      extensions: { nc: nameConstraints([directory(organization())]) },
    },
    issuers: [{ subject: organization(['2.5.4.3', 'CA']) }],
    leaf: { subject: organization() },
  }),
]);

testSection('RFC 5280 section 6.1.3 (b) and (c)', [
  accepts('a self-issued issuer outside the constraints', {
    root: { subject: 'Same', ...permits('example.com') },
    issuers: [{ subject: 'Same', extensions: { san: ext.dns('example.net') } }],
  }),
  refuses('a self-issued leaf outside them', selfIssuedLeaf, 'name-not-permitted'),
]);

function selfIssuedLeaf(): Chain {
  return makeChain({
    root: permits('example.com'),
    issuers: [{ subject: 'www.example.com' }],
    leaf: { subject: 'www.example.com', extensions: { san: ext.dns('www.example.com', 'example.net') } },
  });
}

const many = (count: number, prefix: string): Buffer[] =>
  Array.from({ length: count }, (_, at) => dns(`${prefix}${at}.example.com`));

testSection('RFC 5280 section 8', [
  refuses(
    '2,000 names below 4,000 constraints',
    constrained([dns('example.com'), ...many(2000, 'p')], many(2000, 'n'), many(2000, 'x')),
    'too-many-names',
  ),
  accepts(
    '100 names below 500 constraints',
    constrained([dns('example.com'), ...many(250, 'p')], many(100, 'n'), many(250, 'x')),
  ),
]);
