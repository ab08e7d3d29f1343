import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ctConfig } from '../../../../scanners/ct/config.js';
import { createEntryFilter } from '../../../../scanners/ct/match/entry-filter.js';
import { createMatcher } from '../../../../scanners/ct/match/matcher.js';
import type { Watch } from '../../../../scanners/ct/read/page-collector.js';
import {
  watchesMoreThanNames,
  watchesNothing,
  watchListOf,
} from '../../../../scanners/ct/match/watch-list.js';
import { readCertificate } from '../../../../src/x509/read/read-certificate.js';
import type { CtMatch } from '../../../../src/model/ct-entry.js';
import * as der from '../../../support/der-writer.js';
import { issue, issueCa, issueFor, spki, type CertificateSpec } from '../../../support/pki.js';
import { sharedTileEntries } from '../../../support/ct-log-entries.js';
import { createHash } from 'node:crypto';
import { damaged, withoutShared } from '../../../ct/shared.js';

type WatchInput = Partial<ReturnType<typeof ctConfig.parse>['watch']>;

function watching(watch: Record<string, unknown>): Watch {
  const list = watchListOf(ctConfig.parse({ watch }).watch, []);
  return { mayMatch: createEntryFilter(list, null), match: createMatcher(list, null) };
}

/** Matches as the two stages find them together: what the filter drops never reaches the matcher. */
function matchesOf(watch: Record<string, unknown>, bytes: Buffer): CtMatch[] {
  const { mayMatch, match } = watching(watch);
  const found = match(readCertificate(bytes));
  assert.ok(
    mayMatch(bytes, 0, bytes.length, 'certificate') || found.length === 0,
    'the filter dropped a match',
  );
  return mayMatch(bytes, 0, bytes.length, 'certificate') ? found : [];
}

const key = issue().key;
const made = (spec: CertificateSpec): Buffer => issue({ key, subject: 'nobody', ...spec }).der;
const named = (...dnsNames: string[]): Buffer => made({ dnsNames });

/** A Name with one attribute. */
function nameOf(oid: string, value: Uint8Array): Buffer {
  return der.sequence(der.set(der.sequence(der.oid(oid), value)));
}

describe('a watch for domains', () => {
  for (const [name, hits] of [
    ['example.com', true],
    ['www.example.com', true],
    ['a.b.c.example.com', true],
    ['*.example.com', true],
    ['*.www.example.com', true],
    ['WWW.EXAMPLE.COM', true],
    ['www.example.com.', true],
    ['*.com', true],
    ['notexample.com', false],
    ['example.com.evil.test', false],
    ['example.co', false],
  ] as const)
    it(`${hits ? 'finds' : 'leaves'} ${name}`, () => {
      assert.deepEqual(
        matchesOf({ domains: ['example.com'] }, named('other.test', name)).map(({ watch, item }) => [
          watch,
          item,
        ]),
        hits ? [['domain', 'example.com']] : [],
      );
    });

  for (const [what, bytes, value] of [
    ['the first half of a name split by NUL', named('www.example.com\0.evil.test'), 'www.example.com'],
    ['the second half of a name split by NUL', named('evil.test\0www.example.com'), 'www.example.com'],
    ['a name with spaces around it', named(' www.example.com '), 'www.example.com'],
    ['a Common Name', made({ subject: 'www.example.com' }), 'www.example.com'],
    ['a name within a Common Name', made({ subject: 'Site www.example.com of Example' }), 'www.example.com'],
    [
      'the second Common Name of one RDN',
      made({
        subject: der.sequence(
          der.set(
            der.sequence(der.oid('2.5.4.3'), der.utf8String('first.test')),
            der.sequence(der.oid('2.5.4.3'), der.utf8String('www.example.com')),
          ),
        ),
      }),
      'www.example.com',
    ],
    [
      'a Common Name in UTF-16',
      made({
        subject: nameOf('2.5.4.3', der.element(0x1e, Buffer.from('www.example.com', 'utf16le').swap16())),
      }),
      'www.example.com',
    ],
  ] as const)
    it(`finds ${what}`, () => {
      assert.ok(matchesOf({ domains: ['example.com'] }, bytes).some((match) => match.value === value));
    });

  it('compares names in either form of IDNA', () => {
    for (const watched of ['b\u00fccher.example', 'xn--bcher-kva.example', 'B\u00dcCHER.example'])
      for (const name of ['xn--bcher-kva.example', 'www.b\u00fccher.example'])
        assert.equal(matchesOf({ domains: [watched] }, named(name)).length, 1, `${watched} ${name}`);
  });

  it('finds a watched name in whatever is left of a damaged certificate, as long as it can be read', () => {
    const bytes = issueFor('www.example.com', { key, issuer: issueCa() }).der;
    for (const copy of damaged(bytes, 1500, 22))
      if (copy.includes('www.example.com'))
        assert.ok(matchesOf({ domains: ['example.com'] }, copy).length > 0, copy.toString('hex'));
  });

  it('is not kept busy by wildcards that fit everything a little', () => {
    const domains = Array.from({ length: 50_000 }, (_, index) => `d${index}.com`);
    const names = Array.from({ length: 3000 }, (_, index) => `x${index}*.com`);
    const start = performance.now();
    assert.equal(matchesOf({ domains }, named(...names))[0]?.watch, 'unreadable');
    assert.ok(performance.now() - start < 5000);
  });

  it('gives no more than 32 reasons', () => {
    const names = Array.from({ length: 500 }, (_, index) => `h${index}.example.com`);
    assert.equal(matchesOf({ domains: ['example.com'] }, named(...names)).length, 32);
  });
});

describe('a watch for exact names', () => {
  for (const [name, reason] of [
    ['www.example.com', null],
    ['*.example.com', 'its wildcard covers the watched name'],
    ['a.www.example.com', undefined],
    ['example.com', undefined],
    ['*.com', undefined],
  ] as const)
    it(`${reason === undefined ? 'leaves' : 'finds'} ${name}`, () => {
      const found = matchesOf({ names: ['www.example.com'] }, named(name));
      assert.deepEqual(
        found.map((match) => [match.watch, match.reason]),
        reason === undefined ? [] : [['exact-name', reason]],
      );
    });
});

describe('a watch for other things', () => {
  it('finds organizations, whatever their case, spaces or string type', () => {
    const texts = [
      der.utf8String('Example Corp'),
      der.printableString('EXAMPLE  CORP'),
      der.element(0x1e, Buffer.from('Example Corp', 'utf16le').swap16()),
    ];
    for (const text of texts) {
      const bytes = made({ subject: nameOf('2.5.4.10', text) });
      assert.equal(matchesOf({ organizations: ['Example Corp'] }, bytes)[0]?.watch, 'organization');
    }
    assert.deepEqual(
      matchesOf(
        { organizations: ['Example Corp'] },
        made({ subject: nameOf('2.5.4.10', der.utf8String('Example')) }),
      ),
      [],
    );
  });

  it('finds organizations with accents, however they are composed', () => {
    for (const form of ['NFC', 'NFD'] as const) {
      const text = der.utf8String('Société Générale'.normalize(form));
      const bytes = made({ subject: nameOf('2.5.4.10', text) });
      for (const other of ['NFC', 'NFD'] as const)
        assert.equal(
          matchesOf({ organizations: ['société générale'.normalize(other)] }, bytes)[0]?.watch,
          'organization',
        );
    }
  });

  it('finds issuers by a part of their name, asked once per issuer', () => {
    const issuer = issueCa('Example Issuing CA 7');
    const { mayMatch } = watching({ issuers: ['CN=Example Issuing'] });
    const bytes = issueFor('x.test', { issuer, key }).der;
    for (let round = 0; round < 3; round += 1) assert.ok(mayMatch(bytes, 0, bytes.length, 'certificate'));
    assert.equal(matchesOf({ issuers: ['CN=Example Issuing'] }, bytes)[0]?.watch, 'issuer');
    assert.deepEqual(matchesOf({ issuers: ['CN=Other'] }, bytes), []);
  });

  it('finds public keys', () => {
    const sha256 = createHash('sha256').update(spki(key)).digest('hex');
    assert.equal(matchesOf({ publicKeys: [sha256.toUpperCase()] }, named('x.test'))[0]?.watch, 'spki');
    assert.deepEqual(matchesOf({ publicKeys: ['0'.repeat(64)] }, named('x.test')), []);
  });

  it('finds IP addresses, in the alternative names and as a Common Name', () => {
    for (const [watched, bytes] of [
      ['192.0.2.7', made({ ipAddresses: ['192.0.2.7'] })],
      ['2001:DB8:0:0::7', made({ ipAddresses: ['2001:db8::7'] })],
      ['192.0.2.7', made({ subject: '192.0.2.7' })],
    ] as const)
      assert.equal(matchesOf({ ipAddresses: [watched] }, bytes)[0]?.watch, 'ip-address');
    assert.deepEqual(matchesOf({ ipAddresses: ['192.0.2.7'] }, made({ ipAddresses: ['192.0.2.8'] })), []);
  });

  it('knows when there is nothing to watch for, and when names are not enough', () => {
    const list = (watch: WatchInput) => watchListOf({ ...ctConfig.parse({}).watch, ...watch }, []);
    assert.ok(watchesNothing(list({})));
    assert.ok(!watchesNothing(list({ names: ['a.test'] })));
    assert.ok(!watchesMoreThanNames(list({ names: ['a.test'] })));
    assert.ok(watchesMoreThanNames(list({ issuers: ['x'] })));
    assert.ok(!watchesNothing(watchListOf(ctConfig.parse({}).watch, [], true)));
  });
});

it(
  'drops no real precertificate that concerns a watched domain, and few others',
  { skip: withoutShared },
  () => {
    const entries = sharedTileEntries().filter((entry) => entry.kind === 'precertificate');
    const certificates = entries.map((entry) => readCertificate(entry.precertificate));
    const domains = certificates
      .filter((_, index) => index % 10 === 0)
      .flatMap(({ names }) => names.slice(0, 1));
    const { mayMatch, match } = watching({ domains });
    let kept = 0;
    let hits = 0;
    for (const [index, entry] of entries.entries()) {
      const may = mayMatch(Buffer.from(entry.tbs), 0, entry.tbs.length, 'tbs');
      const found = match(certificates[index]!).length > 0;
      assert.ok(may || !found, `entry ${index}`);
      kept += may ? 1 : 0;
      hits += found ? 1 : 0;
    }
    assert.ok(hits >= 100);
    assert.ok(kept <= hits * 1.2, `${kept} kept for ${hits}`);
  },
);
