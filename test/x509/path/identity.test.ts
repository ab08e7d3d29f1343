import * as der from '../../support/der-writer.js';
import { commonName } from '../../support/pki.js';
import { ext, generalName, type ChainSpec } from '../../support/chain.js';
import { accepts, refuses, testSection, type Case } from './cases.js';

const { dns, ip, email, uri } = generalName;

/** A leaf with only these alternative names and a subject that says nothing. */
function named(...names: readonly Buffer[]): ChainSpec {
  return { leaf: { subject: commonName('nobody'), extensions: { san: ext.san(names) } } };
}

const matches = (presented: string, host: string): Case =>
  accepts(`${presented} for ${host}`, named(dns(presented)), { host });
const differs = (presented: string, host: string): Case =>
  refuses(`${presented} for ${host}`, named(dns(presented)), 'name-mismatch', { host });

testSection('RFC 9525 section 6.3, DNS names', [
  matches('www.example.com', 'www.example.com'),
  matches('WWW.Example.COM', 'www.example.com'),
  matches('www.example.com', 'WWW.EXAMPLE.COM'),
  matches('www.example.com', 'www.example.com.'),
  matches('xn--bcher-kva.example', 'xn--bcher-kva.example'),
  matches('xn--bcher-kva.example', 'b\u00fccher.example'),
  matches('xn--bcher-kva.example', 'B\u00dcCHER.example'),
  matches('localhost', 'localhost'),
  differs('example.com', 'www.example.com'),
  differs('www.example.com', 'example.com'),
  differs('www.example.com', 'www2.example.com'),
  differs('www.example.com', 'www.example.com.evil.example'),
  differs('www.example.com', 'evil-www.example.com'),
  differs('bucher.example', 'b\u00fccher.example'),
  differs('www.example.com', 'under_score.example.com'),
  accepts('any of several names', named(dns('a.example'), dns('b.example')), { host: 'b.example' }),
  accepts('whatever the name when nobody asks', named(dns('a.example')), { host: null }),
  refuses(
    'a U-label in the certificate',
    named(dns('b\u00fccher.example')),
    'bad-alternative-name name-mismatch',
    { host: 'b\u00fccher.example' },
  ),
  refuses('a host that is no name', named(dns('a.example')), 'bad-host', { host: 'a b' }),
  refuses('an empty host', named(dns('a.example')), 'bad-host', { host: '' }),
  refuses('a wildcard as host', named(dns('*.example.com')), 'bad-host', { host: '*.example.com' }),
]);

testSection('RFC 9525 section 6.3, wildcards', [
  matches('*.example.com', 'www.example.com'),
  matches('*.EXAMPLE.com', 'www.example.com'),
  matches('*.example.com', 'xn--bcher-kva.example.com'),
  matches('*.a.example.com', 'b.a.example.com'),
  differs('*.example.com', 'example.com'),
  differs('*.example.com', 'a.b.example.com'),
  differs('*.example.com', 'www.example.net'),
  refuses('a part of a label', named(dns('w*.example.com')), 'bad-alternative-name name-mismatch', {
    host: 'www.example.com',
  }),
  refuses('the end of a label', named(dns('*w.example.com')), 'bad-alternative-name name-mismatch', {
    host: 'www.example.com',
  }),
  refuses(
    'a wildcard within an A-label',
    named(dns('xn--*-kva.example.com')),
    'bad-alternative-name name-mismatch',
    { host: 'xn--bcher-kva.example.com' },
  ),
  refuses(
    'a wildcard in a later label',
    named(dns('www.*.example.com')),
    'bad-alternative-name name-mismatch',
    { host: 'www.a.example.com' },
  ),
  refuses('two wildcards', named(dns('*.*.example.com')), 'bad-alternative-name name-mismatch', {
    host: 'a.b.example.com',
  }),
  refuses('nothing but a wildcard', named(dns('*')), 'bad-alternative-name name-mismatch', { host: 'com' }),
]);

testSection('Baseline Requirements section 3.2.2.6', [
  differs('*.com', 'example.com'),
  differs('*.co.uk', 'example.co.uk'),
  differs('*.s3.amazonaws.com', 'bucket.s3.amazonaws.com'),
  differs('*.github.io', 'user.github.io'),
  matches('*.example.co.uk', 'www.example.co.uk'),
  accepts("a wildcard under a company's own suffix by a public CA", named(dns('*.github.io')), {
    host: 'user.github.io',
    isPublic: true,
    profile: 'rfc5280',
  }),
  refuses('one under a registry by a public CA', named(dns('*.co.uk')), 'name-mismatch', {
    host: 'example.co.uk',
    isPublic: true,
    profile: 'rfc5280',
  }),
  accepts(
    'another name beside a wildcard under a public suffix',
    named(dns('s3.amazonaws.com'), dns('*.s3.amazonaws.com')),
    { host: 's3.amazonaws.com' },
  ),
]);

testSection('RFC 9525 section 6.5, addresses', [
  accepts('an IPv4 address', named(ip('192.0.2.1')), { host: '192.0.2.1' }),
  accepts('an IPv6 address', named(ip('2001:db8::1')), { host: '2001:db8::1' }),
  accepts('an IPv6 address written at length', named(ip('2001:db8::1')), { host: '2001:0DB8:0:0:0:0:0:1' }),
  accepts('an IPv6 address in brackets', named(ip('::1')), { host: '[::1]' }),
  refuses('another address', named(ip('192.0.2.2')), 'name-mismatch', { host: '192.0.2.1' }),
  refuses('an IPv4 address for the IPv6 address that maps it', named(ip('192.0.2.1')), 'name-mismatch', {
    host: '::ffff:192.0.2.1',
  }),
  refuses('an address as dNSName', named(dns('192.0.2.1')), 'bad-alternative-name name-mismatch', {
    host: '192.0.2.1',
  }),
  refuses('a wildcard for an address', named(dns('*.0.2.1')), 'bad-alternative-name name-mismatch', {
    host: '192.0.2.1',
  }),
  refuses('an address for a name', named(ip('192.0.2.1')), 'name-mismatch', { host: 'www.example.com' }),
  refuses('an address in a notation of its own', named(ip('192.0.2.1')), 'name-mismatch', {
    host: '0xc0000201',
  }),
]);

testSection('RFC 9525 section 2', [
  refuses(
    'a Common Name without subjectAltName',
    { leaf: { extensions: { san: null } } },
    'name-mismatch subject-alt-name-missing',
  ),
  refuses(
    'a Common Name beside other names',
    { leaf: { extensions: { san: ext.dns('a.example') } } },
    'name-mismatch',
  ),
  refuses(
    'a Common Name beside an address',
    { leaf: { extensions: { san: ext.san([ip('192.0.2.1')]) } } },
    'name-mismatch',
  ),
  refuses('a URI that holds the name', named(uri('https://www.example.com/')), 'name-mismatch'),
  refuses('a mailbox that holds the name', named(email('a@www.example.com')), 'name-mismatch'),
]);

testSection('RFC 5280 section 4.2.1.6, mailboxes of clients', [
  accepts('the mailbox', named(email('me@example.com')), { purpose: 'client', host: 'me@EXAMPLE.com' }),
  refuses('another mailbox', named(email('me@example.com')), 'name-mismatch', {
    purpose: 'client',
    host: 'you@example.com',
  }),
  refuses(
    'a subject that holds the mailbox',
    {
      leaf: {
        subject: der.sequence(
          der.set(der.sequence(der.oid('1.2.840.113549.1.9.1'), der.ia5String('me@example.com'))),
        ),
      },
    },
    'name-mismatch',
    { purpose: 'client', host: 'me@example.com' },
  ),
  refuses('a mailbox that is none', named(email('me@example.com')), 'bad-host', {
    purpose: 'client',
    host: 'me@@example.com',
  }),
]);
