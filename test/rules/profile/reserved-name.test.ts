import { ext, generalName } from '../../support/chain.js';
import { reservedName } from '../../../src/rules/profile/reserved-name.js';
import { aia, aLeaf, asked, askedPrivately, at, day, subject, testProfile } from '../profile-support.js';

const names = (...list: readonly Buffer[]) => aLeaf({ extensions: { san: ext.san(list) } });
const { dns, ip } = generalName;

testProfile(reservedName, [
  {
    name: 'passes public names and addresses',
    input: asked(names(dns('www.example.com'), dns('*.example.co.uk'), ip('8.8.8.8'))),
    expected: 'pass',
  },
  ...['intranet', 'server.local', 'host.corp', 'x.internal'].map((text) => ({
    name: `flags ${text}`,
    input: asked(names(dns(text))),
    expected: 'internal-name',
    severity: 'error' as const,
  })),
  ...['10.1.2.3', '192.168.0.1', '127.0.0.1', 'fd00::1', 'fe80::1', '192.0.2.1'].map((text) => ({
    name: `flags ${text}`,
    input: asked(names(ip(text))),
    expected: 'reserved-address',
  })),
  {
    name: 'flags a reserved address as Common Name',
    input: asked(aLeaf({ subject: subject([at.CN, '10.0.0.1']) })),
    expected: 'reserved-address',
  },
  {
    name: 'flags a name of a reverse zone',
    input: asked(names(dns('1.2.0.192.in-addr.arpa'))),
    expected: 'reverse-zone',
  },
  {
    name: 'passes it the second before the rule',
    input: asked(
      aLeaf({
        notBefore: new Date('2026-03-14T23:59:59Z'),
        extensions: { san: ext.dns('1.2.0.192.in-addr.arpa') },
      }),
    ),
    expected: 'pass',
  },
  {
    name: 'passes internal names of 2014',
    input: asked(aLeaf({ notBefore: day('2014-01-01'), extensions: { san: ext.dns('intranet') } })),
    expected: 'pass',
  },
  {
    name: 'warns of an internal location',
    input: asked(aLeaf({ extensions: { aia: aia(['ocsp', 'http://ca.corp/ocsp']) } })),
    expected: 'internal-location',
    severity: 'warning',
  },
  {
    name: 'does not apply to private CAs',
    input: askedPrivately(names(dns('intranet'))),
    expected: 'not-applicable',
  },
]);
