import * as der from '../../support/der-writer.js';
import { constrained, ext, generalName, name, type LinkSpec } from '../../support/chain.js';
import { accepts, refuses, testSection, type CaseOptions } from './cases.js';

const { dns, email, uri, directory } = generalName;
const organization = (...more: readonly (readonly [string, string])[]): Buffer =>
  name(['2.5.4.10', 'Example'], ...more);

const client: CaseOptions = { purpose: 'client', host: null };
const legacyEmail = (text: string): LinkSpec => ({
  subject: name(['1.2.840.113549.1.9.1', text], ['2.5.4.3', 'www.example.com']),
});

testSection('RFC 5280 section 4.2.1.10, rfc822Name', [
  accepts('the permitted mailbox', constrained([email('a@example.com')], [email('a@example.com')]), client),
  accepts(
    "the permitted mailbox's host in another case",
    constrained([email('a@example.com')], [email('a@EXAMPLE.com')]),
    client,
  ),
  refuses(
    'the local part in another case',
    constrained([email('a@example.com')], [email('A@example.com')]),
    'name-not-permitted',
    client,
  ),
  refuses(
    'another mailbox',
    constrained([email('a@example.com')], [email('b@example.com')]),
    'name-not-permitted',
    client,
  ),
  accepts(
    'a mailbox on the permitted host',
    constrained([email('example.com')], [email('b@example.com')]),
    client,
  ),
  refuses(
    'a mailbox on a host below it',
    constrained([email('example.com')], [email('b@mail.example.com')]),
    'name-not-permitted',
    client,
  ),
  accepts(
    'a mailbox below the permitted domain',
    constrained([email('.example.com')], [email('b@mail.example.com')]),
    client,
  ),
  refuses(
    'a mailbox on the domain itself',
    constrained([email('.example.com')], [email('b@example.com')]),
    'name-not-permitted',
    client,
  ),
  accepts(
    'an asterisk for an asterisk',
    constrained([email('*@example.com')], [email('*@example.com')]),
    client,
  ),
  refuses(
    'an asterisk for anybody',
    constrained([email('*@example.com')], [email('b@example.com')]),
    'name-not-permitted',
    client,
  ),
  accepts(
    'a quoted local part with an at-sign',
    constrained([email('example.com')], [email('"a@b"@example.com')]),
    client,
  ),
  refuses(
    'an excluded mailbox',
    constrained(null, [email('b@example.com')], [email('example.com')]),
    'name-excluded',
    client,
  ),
  refuses(
    'a constraint with two at-signs',
    constrained([email('a@b@example.com')], []),
    'name-constraints-malformed',
    client,
  ),
  refuses(
    "a subject's emailAddress outside the permitted host",
    constrained([email('example.com')], [], null, legacyEmail('b@example.net')),
    'name-not-permitted',
    client,
  ),
  accepts(
    "a subject's emailAddress on the permitted host",
    constrained([email('example.com')], [], null, legacyEmail('b@example.com')),
    client,
  ),
  refuses(
    "a subject's emailAddress that is excluded",
    constrained(null, [], [email('example.net')], legacyEmail('b@example.net')),
    'name-excluded',
    client,
  ),
  accepts(
    "a subject's emailAddress beside a permitted rfc822Name",
    constrained([email('example.com')], [email('b@example.com')], null, legacyEmail('b@example.net')),
    client,
  ),
]);

testSection('RFC 5280 section 4.2.1.10, uniformResourceIdentifier', [
  accepts(
    'a URI on the permitted host',
    constrained([uri('example.com')], [uri('https://example.com/path')]),
    client,
  ),
  accepts(
    'one with user and port',
    constrained([uri('example.com')], [uri('ftp://me@Example.com:2121/')]),
    client,
  ),
  refuses(
    'a URI on a host below it',
    constrained([uri('example.com')], [uri('https://a.example.com/')]),
    'name-not-permitted',
    client,
  ),
  accepts(
    'a URI below the permitted domain',
    constrained([uri('.example.com')], [uri('https://a.b.example.com/')]),
    client,
  ),
  refuses(
    'a URI on the domain itself',
    constrained([uri('.example.com')], [uri('https://example.com/')]),
    'name-not-permitted',
    client,
  ),
  refuses(
    'an excluded URI',
    constrained(null, [uri('https://example.com/')], [uri('example.com')]),
    'name-excluded',
    client,
  ),
  refuses(
    'a URI without a host where URIs are constrained',
    constrained([uri('example.com')], [uri('urn:isbn:1')]),
    'name-not-permitted',
    client,
  ),
  refuses(
    'a URI with an address where URIs are constrained',
    constrained([uri('example.com')], [uri('https://192.0.2.1/')]),
    'name-not-permitted',
    client,
  ),
  refuses(
    'a URI without a host where URIs are excluded',
    constrained(null, [uri('urn:isbn:1')], [uri('example.com')]),
    'name-excluded',
    client,
  ),
  accepts(
    'a URI without a host where nothing is said of URIs',
    constrained([dns('example.com')], [uri('urn:isbn:1')]),
    client,
  ),
  refuses(
    'a host hidden behind an at-sign',
    constrained([uri('example.com')], [uri('https://example.com@evil.example/')]),
    'name-not-permitted',
    client,
  ),
  refuses(
    'a constraint that is a whole URI',
    constrained([uri('https://example.com')], []),
    'name-constraints-malformed',
    client,
  ),
]);

testSection('RFC 5280 section 4.2.1.10, directoryName', [
  accepts(
    'a subject below the permitted name',
    constrained([directory(organization())], [], null, {
      subject: organization(['2.5.4.3', 'www.example.com']),
    }),
  ),
  accepts(
    'the permitted name in another case',
    constrained([directory(name(['2.5.4.10', 'EXAMPLE']))], [], null, { subject: organization() }),
  ),
  refuses(
    'a subject of another organization',
    constrained([directory(organization())], [], null, { subject: name(['2.5.4.10', 'Other']) }),
    'name-not-permitted',
  ),
  refuses(
    'a subject that has the permitted part elsewhere',
    constrained([directory(organization())], [], null, {
      subject: name(['2.5.4.6', 'DE'], ['2.5.4.10', 'Example']),
    }),
    'name-not-permitted',
  ),
  refuses(
    'a subject that is less than the permitted name',
    constrained([directory(organization(['2.5.4.11', 'Unit']))], [], null, { subject: organization() }),
    'name-not-permitted',
  ),
  refuses(
    'an excluded subject',
    constrained(null, [], [directory(organization())], {
      subject: organization(['2.5.4.3', 'www.example.com']),
    }),
    'name-excluded',
  ),
  ...['Exam\u00adple', 'Example\u200b', '\u0000Example'].map((text) =>
    refuses(
      `an excluded name with what nobody sees in it (RFC 4518 section 2.2): ${JSON.stringify(text)}`,
      constrained(null, [], [directory(name(['2.5.4.10', 'Example']))], {
        subject: name(['2.5.4.10', text]),
      }),
      'name-excluded',
    ),
  ),
  accepts(
    'letters that fold to several',
    constrained([directory(name(['2.5.4.10', 'STRASSE']))], [], null, {
      subject: name(['2.5.4.10', 'stra\u00dfe']),
    }),
  ),
  refuses(
    'a permitted subject with another alternative directory name',
    constrained([directory(organization())], [directory(name(['2.5.4.10', 'Other']))], null, {
      subject: organization(),
    }),
    'name-not-permitted',
  ),
  accepts(
    'an empty subject',
    constrained([directory(organization())], [], null, {
      subject: der.sequence(),
      extensions: { san: ext.san([dns('www.example.com')], true) },
    }),
  ),
  accepts('any subject below the empty name', constrained([directory(der.sequence())], [])),
]);
