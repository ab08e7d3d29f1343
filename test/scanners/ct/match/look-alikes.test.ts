import assert from 'node:assert/strict';
import { domainToASCII } from 'node:url';
import { describe, it } from 'node:test';
import { ctConfig } from '../../../../scanners/ct/config.js';
import { createLookAlikes } from '../../../../scanners/ct/match/look-alikes.js';
import { createWatch } from '../../../../scanners/ct/match/watch.js';
import { watchListOf } from '../../../../scanners/ct/match/watch-list.js';
import { sharedTileEntries } from '../../../support/ct-log-entries.js';
import { issueFor } from '../../../support/pki.js';
import { readCertificate } from '../../../../src/x509/read/read-certificate.js';
import { withoutShared } from '../../../ct/shared.js';

const list = watchListOf(
  ctConfig.parse({
    watch: { lookAlikes: { enabled: true, words: ['club'], ignore: ['northwind-support.net'] } },
  }).watch,
  ['northwind.com', 'paypal.com', 'shop.contoso.co.uk', 'abc.com', 'b\u00fccherladen.de'],
);
const explain = createLookAlikes(list);

describe('a look-alike', () => {
  for (const [name, item, reason] of [
    ['northwind.net', 'northwind.com', /under \.net, not \.com/],
    ['www.northwind.xyz', 'northwind.com', /under \.xyz/],
    ['contoso.com', 'contoso.co.uk', /not \.co\.uk/],
    ['paypa1.com', 'paypal.com', /reads like "paypal"/],
    ['paypai.com', 'paypal.com', /reads like/],
    ['n0rthw1nd.com', 'northwind.com', /reads like/],
    ['nort\u04bbwind.com', 'northwind.com', /reads like/],
    ['p\u0430yp\u0430l.com', 'paypal.com', /reads like/],
    ['p\u00e1ypal.com', 'paypal.com', /reads like/],
    ['vvindnorth.com', null, null],
    ['norhwind.com', 'northwind.com', /lacks the letter "t"/],
    ['norrthwind.net', 'northwind.com', /doubles the letter "r"/],
    ['nrothwind.com', 'northwind.com', /swaps the letters "or"/],
    ['morthwind.com', 'northwind.com', /has "m" for "n"/],
    ['northwiznd.com', null, null],
    ['northwijnd.com', 'northwind.com', /adds the letter/],
    ['northwind-login.com', 'northwind.com', /adds "login"/],
    ['secure-northwind.de', 'northwind.com', /adds "secure"/],
    ['northwindsupport.com', 'northwind.com', /adds "support"/],
    ['account-verify-northwind.com', 'northwind.com', /adds "account-verify"/],
    ['wwwnorthwind.com', 'northwind.com', /adds "www"/],
    ['www-northwind.com', 'northwind.com', /adds "www"/],
    ['northwind-club.com', 'northwind.com', /adds "club"/],
    ['northwind.com.evil.test', 'northwind.com', /stands before another domain/],
    ['www.shop.contoso.co.uk.evil.test', 'contoso.co.uk', /stands before/],
    ['northwind-login.evil.test', 'northwind.com', /before another domain/],
    ['*.northwind-login.com', 'northwind.com', /adds "login"/],
    ['b\u00fccherladen.at', 'xn--bcherladen-9db.de', /under \.at, not \.de/],
    ['bucherladen.de', 'xn--bcherladen-9db.de', /reads like "b\u00fccherladen"/],
    ['b\u00fccherlad\u0435n.de', 'xn--bcherladen-9db.de', /reads like/],
    ['b\u00fcchrladen.de', 'xn--bcherladen-9db.de', /lacks the letter "e"/],
    ['b\u00fccherladen-login.de', 'xn--bcherladen-9db.de', /adds "login"/],
    ['b\u00fccherladen.de.evil.test', 'xn--bcherladen-9db.de', /stands before/],
    ['buecherladen.de', null, null],
  ] as const)
    it(`${name} is ${item === null ? 'none' : `one of ${item}`}`, () => {
      const match = explain(
        name
          .split('.')
          .map((label) => domainToASCII(label) || label)
          .join('.'),
      );
      assert.equal(match?.item ?? null, item);
      if (reason !== null) assert.match(match?.reason ?? '', reason);
    });

  for (const name of [
    'northwind.com',
    'www.northwind.com',
    'login.northwind.com',
    'contoso.co.uk',
    'northwind-support.net',
    'x.northwind-support.net',
    'northwind-hiking.com',
    'great-northwinds-sailing.com',
    'southwind.com',
    'north.wind.com',
    'abcd.com',
    'abc.net',
    'example.com',
    'localhost',
    'com',
    '',
    '192.0.2.1',
  ])
    it(`${name || 'nothing'} is none`, () => {
      assert.equal(explain(name), null);
    });

  it('is found in a certificate, with its reason, and asked for only when it is wanted', async () => {
    const bytes = issueFor('paypa1.com').der;
    const watch = await createWatch(list);
    assert.ok(watch.mayMatch(bytes, 0, bytes.length, 'certificate'));
    const [match] = watch.match(readCertificate(bytes));
    assert.deepEqual([match?.watch, match?.value], ['look-alike', 'paypa1.com']);
    const off = await createWatch({ ...list, lookAlikes: { ...list.lookAlikes, enabled: false } });
    assert.equal(off.mayMatch(bytes, 0, bytes.length, 'certificate'), false);
  });

  it('is rare among real names', { skip: withoutShared }, () => {
    const names = sharedTileEntries().flatMap((entry) =>
      entry.kind === 'precertificate' ? readCertificate(entry.precertificate).names : [],
    );
    assert.ok(names.length > 1000);
    assert.deepEqual(
      names.map(explain).filter((match) => match !== null),
      [],
    );
  });
});
