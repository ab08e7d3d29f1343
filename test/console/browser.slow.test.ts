import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Browser } from 'playwright-core';
import {
  noBrowser,
  shown,
  startBrowser,
  tooWide,
  violations,
  watchedPage,
  type WatchedPage,
} from './browser.js';
import { installConsole } from './bundle.js';
import { startConsoleEstate, type ConsoleEstate } from './estate.js';

/** Looks of the console that all must be usable. */
const looks = [
  ['light', { colorScheme: 'light', viewport: { width: 1440, height: 900 } }, []],
  ['dark', { colorScheme: 'dark', viewport: { width: 1440, height: 900 } }, ['color-contrast']],
  ['on a phone', { viewport: { width: 390, height: 844 }, hasTouch: true }, ['color-contrast']],
] as const;

describe('the console in a browser', { skip: noBrowser, timeout: 180_000 }, () => {
  let estate: ConsoleEstate;
  let browser: Browser;
  let pages: readonly string[];

  before(async () => {
    await installConsole();
    [estate, browser] = await Promise.all([startConsoleEstate(), startBrowser()]);
    pages = await pagesOf(estate);
  });
  after(async () => {
    await browser?.close();
    await estate?.close();
  });

  const open = (options = {}): Promise<WatchedPage> => watchedPage(browser, estate.service.url, options);

  for (const [look, options, rules] of looks)
    it(`shows every page ${look} without an error, a foreign request or an obstacle`, async () => {
      const { page, complaints } = await open(options);
      for (const path of rules.length === 0 ? pages : pages.filter(isMain)) {
        await page.goto(path);
        await shown(page);
        assert.deepEqual(await violations(page, rules), [], `${path} ${look}`);
        assert.equal(await tooWide(page), 0, `${path} ${look} scrolls sideways`);
        assert.deepEqual(complaints, [], `${path} ${look}`);
      }
      await page.context().close();
    });

  it('would see an obstacle, a foreign request and a script in the page', async () => {
    const { page, complaints } = await open();
    await page.goto('/no/such/page');
    await shown(page);
    await page.evaluate(
      `document.querySelector('main').innerHTML = '<h1>x</h1><img src="http://127.9.9.9/x.png"><div style="color:red">x</div>'`,
    );
    assert.match((await violations(page)).join(), /image-alt/);
    assert.match(complaints.join(), /CSP: img-src/);
    assert.match(complaints.join(), /CSP: style-src/);
    await page.context().close();
  });
});

/** Pages that are looked at in every look; the others share their parts. */
function isMain(path: string): boolean {
  return !/compare|no\/such|nothing-of|group=|resolved|inventory|deliveries|reports|settings|scans.new/.test(
    path,
  );
}

/** Every kind of page, with ids of what the estate has. */
async function pagesOf({ service }: ConsoleEstate): Promise<readonly string[]> {
  const first = async <T>(path: string): Promise<T> => {
    const [item] = await service.list<T>(path);
    assert.ok(item !== undefined, `${path} is empty`);
    return item;
  };
  const finding = await first<{ id: string }>('/api/v1/findings?state=open&rule=expired');
  const certificate = await first<{ sha256: string }>('/api/v1/certificates?hostContains=www.example');
  const endpoint = await first<{ key: string }>('/api/v1/endpoints?hostContains=edge.example');
  const { tbsSha256 } = await first<{ tbsSha256: string }>('/api/v1/certificates?q=api.example.com');
  const log = await first<{ logId: string }>('/api/v1/ct/logs');
  const scan = await first<{ id: string }>('/api/v1/scans');
  return [
    '/',
    '/findings',
    '/findings?group=none&sort=rule',
    '/findings?group=host',
    '/findings?state=resolved',
    `/findings/${finding.id}`,
    '/certificates',
    '/certificates?hostContains=nothing-of-that-name',
    `/certificates/${certificate.sha256}`,
    `/certificates/compare?a=${certificate.sha256}&b=${certificate.sha256}`,
    '/endpoints',
    `/endpoints/${encodeURIComponent(endpoint.key)}`,
    '/names',
    `/names/example.com`,
    `/issuances/${tbsSha256}`,
    '/ct',
    `/ct/${encodeURIComponent(log.logId)}`,
    '/scans',
    `/scans/${scan.id}`,
    '/scans#new',
    '/inventory',
    '/deliveries',
    '/settings',
    '/settings/policy',
    '/reports',
    '/settings/users',
    '/settings/tokens',
    '/settings/config',
    '/settings/audit',
    '/no/such/page',
    '/sign-in',
  ];
}
