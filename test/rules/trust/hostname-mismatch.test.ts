import { hostnameMismatch } from '../../../src/rules/trust/hostname-mismatch.js';
import type { Observation } from '../../../src/model/observation.js';
import type { CheckInput } from '../../../src/rules/rule.js';
import { aCertificate, anObservation, testRule } from '../support.js';

function asked(host: string | null, dnsNames: readonly string[], ipAddresses: readonly string[] = []) {
  return { host, certificate: aCertificate({ dnsNames, ipAddresses }) } satisfies Partial<CheckInput>;
}

function mailLook(port: number): Observation {
  const target = {
    host: 'mx1.example.net',
    address: '127.0.0.1',
    port,
    serverName: 'example.com',
    starttls: 'smtp' as const,
  };
  return anObservation({ target });
}

const passes: readonly (readonly [string, string, readonly string[], (readonly string[])?])[] = [
  ['an equal name', 'www.example.com', ['example.com', 'www.example.com']],
  ['an equal name in another case', 'WWW.example.com', ['www.EXAMPLE.com']],
  ['a name written with its root dot', 'www.example.com.', ['www.example.com']],
  ['a wildcard for one label', 'www.example.com', ['*.example.com']],
  ['an A-label under a wildcard (RFC 9525 section 6.3)', 'xn--bcher-kva.example.com', ['*.example.com']],
  ['an IPv4 address in iPAddress', '127.0.0.1', [], ['127.0.0.1']],
  ['an IPv6 address in another spelling', '0:0:0:0:0:0:0:1', [], ['::1']],
  ['a single label', 'localhost', ['localhost']],
];

const hits: readonly (readonly [string, string, readonly string[], (readonly string[])?])[] = [
  ['another name', 'www.example.com', ['www.example.org']],
  ['a wildcard for two labels', 'a.b.example.com', ['*.example.com']],
  ['a wildcard for no label', 'example.com', ['*.example.com']],
  ['a wildcard inside a label', 'www.example.com', ['w*.example.com']],
  ['a wildcard that is not leftmost', 'www.example.com', ['www.*.com']],
  ['a bare asterisk for a single label', 'localhost', ['*']],
  ['a bare asterisk for a whole name', 'www.example.com', ['*']],
  ['a name cut off by a NUL', 'www.example.com', ['www.example.com\0.evil.org']],
  ['a Common Name alone: there is no fallback', 'www.example.com', []],
  ['an address in a dNSName', '127.0.0.1', ['127.0.0.1']],
  ['a wildcard for an address', '127.0.0.1', ['*.0.0.1']],
  ['another address', '127.0.0.1', [], ['127.0.0.2']],
  ['an IPv4 address for its mapped IPv6 form', '::ffff:127.0.0.1', [], ['127.0.0.1']],
  ['an empty name', 'www.example.com', ['']],
  ['a garbage address', '127.0.0.1', [], ['not an address']],
];

testRule(hostnameMismatch, [
  ...passes.map(([name, host, dns, ip]) => ({
    name: `passes ${name}`,
    input: asked(host, dns, ip),
    expected: 'pass' as const,
  })),
  ...hits.map(([name, host, dns, ip]) => ({
    name: `flags ${name}`,
    input: asked(host, dns, ip),
    expected: { severity: 'error' as const, details: { host, dnsNames: dns, ipAddresses: ip ?? [] } },
  })),
  {
    name: 'passes a mail exchanger that answers for itself',
    input: { ...asked('example.com', ['mx1.example.net']), observation: mailLook(25) },
    expected: 'pass',
  },
  {
    name: 'passes a mail exchanger that answers for the domain',
    input: { ...asked('example.com', ['example.com']), observation: mailLook(25) },
    expected: 'pass',
  },
  {
    name: 'flags a mail exchanger that answers for neither',
    input: { ...asked('example.com', ['mx2.example.net']), observation: mailLook(25) },
    expected: { severity: 'error' },
  },
  {
    name: 'flags a submission server that answers for itself: there the user names the server',
    input: { ...asked('example.com', ['mx1.example.net']), observation: mailLook(587) },
    expected: { severity: 'error' },
  },
  {
    name: 'does not apply to a scan of a bare address: nobody asked for a name',
    input: asked(null, ['localhost']),
    expected: 'not-applicable',
  },
  {
    name: 'does not apply to a logged certificate',
    input: { ...asked('www.example.com', ['other.example.com']), source: 'logged' },
    expected: 'not-applicable',
  },
]);
