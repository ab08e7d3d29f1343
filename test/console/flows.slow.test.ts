import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { startServiceProcess } from '../e2e/service-process.js';
import { issueFor } from '../support/pki.js';
import { tlsServer } from '../support/tls-servers.js';
import { noBrowser, shown, startBrowser, violations, watchedPage } from './browser.js';
import { installConsole } from './bundle.js';
import { life, type Deployed } from './estate-hosts.js';
import { startConsoleEstate, type ConsoleEstate } from './estate.js';
import { hostileNames } from './hostile-names.js';

function hostileHost(): Deployed {
  const certificate = issueFor('hostile.example.com', {
    subject: '<svg onload=alert(5)>',
    dnsNames: ['hostile.example.com', ...hostileNames],
    ...life(90, 10),
  });
  return {
    certificate,
    issuer: certificate,
    hosts: [['hostile.example.com', 1]],
    owner: null,
    isLogged: true,
  };
}

describe('work in the console', { skip: noBrowser, timeout: 180_000 }, () => {
  let estate: ConsoleEstate;
  let browser: Browser;
  const closers: (() => Promise<unknown>)[] = [];

  before(async () => {
    await installConsole();
    [estate, browser] = await Promise.all([startConsoleEstate({ more: [hostileHost()] }), startBrowser()]);
  });
  after(async () => {
    await browser?.close();
    await estate?.close();
    for (const close of closers) await close();
  });

  /** Runs on a page of its own and fails on any complaint. */
  const onPage = async (path: string, act: (page: Page) => Promise<void>): Promise<void> => {
    const { page, complaints } = await watchedPage(browser, estate.service.url);
    await page.goto(path);
    await shown(page);
    await act(page);
    assert.deepEqual(complaints, []);
    await page.context().close();
  };
  const findings = (query: string) =>
    estate.service.list<{ id: string; note: string; until: string }>(`/api/v1/findings?${query}`);

  it('searches while typing, and back and reload keep the view', () =>
    onPage('/certificates', async (page) => {
      await page.getByLabel('Search certificates').fill('grafana');
      await page.getByText('1 certificate', { exact: true }).waitFor();
      assert.equal(new URL(page.url()).searchParams.get('q'), 'grafana');
      await page.getByRole('link', { name: 'grafana.example.net' }).click();
      await page.getByRole('heading', { name: 'grafana.example.net' }).waitFor();
      await page.goBack();
      await page.getByText('1 certificate', { exact: true }).waitFor();
      await page.reload();
      await page.getByText('1 certificate', { exact: true }).waitFor();
      assert.equal(await page.getByLabel('Search certificates').inputValue(), 'grafana');
    }));

  it('says which filters leave nothing, and clears them', () =>
    onPage('/endpoints?hostContains=no-such-host', async (page) => {
      await page.getByRole('button', { name: 'Clear all filters' }).click();
      await page.getByRole('link', { name: 'www.example.com' }).first().waitFor();
      assert.equal(new URL(page.url()).search, '');
    }));

  it('silences with who, why and until when, and takes it back', () =>
    onPage('/findings?rule=expired', async (page) => {
      await page.getByRole('link', { name: 'Certificate has expired' }).click();
      await page.getByRole('button', { name: 'Silence s' }).click();
      await page.getByLabel('Why').fill('Replaced in the next window');
      await page.getByRole('button', { name: '7 days' }).click();
      await page.getByRole('button', { name: 'Silence 1 finding' }).click();
      await page.getByText('1 finding is silenced').waitFor();
      const [silenced] = await findings('state=silenced&rule=expired');
      assert.equal(silenced?.note, 'Replaced in the next window');
      const days = (Date.parse(silenced?.until ?? '') - Date.now()) / 86_400_000;
      assert.ok(days > 6.9 && days < 7.1, `${days} days`);
      await page.getByRole('button', { name: 'Undo' }).click();
      await page.getByText('1 finding is open again').waitFor();
      assert.equal((await findings('state=open&rule=expired')).length, 1);
    }));

  it('acknowledges a cause with all of its findings, by keyboard alone', () =>
    onPage('/findings?rule=expiring&severity=error', async (page) => {
      const before = await findings('state=open&rule=expiring&severity=error');
      assert.ok(before.length >= 2);
      await page.keyboard.press('j');
      await page.keyboard.press('x');
      await page.getByText(`${before.length} selected`).waitFor();
      await page.keyboard.press('a');
      await page.getByRole('dialog').waitFor();
      await page.keyboard.type('On it');
      await page.getByRole('button', { name: `Acknowledge ${before.length} findings` }).press('Enter');
      await page.getByText(`${before.length} findings are acknowledged`).waitFor();
      assert.equal((await findings('state=acknowledged&rule=expiring')).length, before.length);
    }));

  it('filters by facets, groups, and unfolds a cause', () =>
    onPage('/findings', async (page) => {
      await page.getByRole('checkbox', { name: /Warning/ }).check();
      await page.getByRole('button', { name: 'Show the 5 findings of: Certificate expires soon' }).click();
      await page.getByRole('link', { name: 'pay.shop.example.com' }).waitFor();
      await page.getByRole('button', { name: 'One by one' }).click();
      await page.getByRole('region', { name: 'Findings', exact: true }).waitFor();
      const { searchParams } = new URL(page.url());
      assert.deepEqual([searchParams.get('severity'), searchParams.get('group')], ['warning', 'none']);
    }));

  it('comments on a finding, tries a channel, and opens a report with its style', () =>
    onPage('/findings?rule=expired&state=open', async (page) => {
      await page.getByRole('link', { name: 'Certificate has expired' }).click();
      await page.getByLabel('Comment').fill('Ordered from the vendor');
      await page.getByRole('button', { name: 'Add comment' }).click();
      await page.locator('.timeline').getByText('Ordered from the vendor').waitFor();
      await page.getByRole('button', { name: 'Assign this finding' }).click();
      await page.getByLabel('Who works on it').fill('ada');
      await page.getByRole('button', { name: 'Assign 1 finding' }).click();
      await page.getByRole('button', { name: 'Change who works on this finding' }).waitFor();
      await page.getByRole('link', { name: 'Deliveries', exact: true }).click();
      await page.getByRole('button', { name: 'Test email: send a sample' }).click();
      await page.getByText(/^email accepted the sample after/).waitFor();
      await page.getByRole('link', { name: 'Reports', exact: true }).click();
      const [report] = await Promise.all([
        page.waitForEvent('popup'),
        page.getByRole('link', { name: 'Open summary' }).click(),
      ]);
      await report.waitForLoadState();
      assert.equal(await report.evaluate('document.styleSheets.length'), 1);
    }));

  it('probes an endpoint again and shows when that is done', () =>
    onPage('/endpoints?hostContains=www.example', async (page) => {
      await page.getByRole('link', { name: 'www.example.com' }).first().click();
      await page.getByRole('heading', { name: 'www.example.com' }).waitFor();
      await page.keyboard.press('r');
      await page.getByText(/^Finished: 1 endpoint/).waitFor({ timeout: 30_000 });
    }));

  it('compares two certificates that were ticked', () =>
    onPage('/certificates?q=api.example.com', async (page) => {
      for (const box of await page.getByRole('checkbox', { name: 'Select api.example.com' }).all())
        await box.check();
      await page.getByRole('button', { name: 'Compare 2' }).click();
      await page.getByRole('heading', { name: 'Compare' }).waitFor();
      await page
        .getByRole('row', { name: /^Serial/ })
        .locator('.diff')
        .first()
        .waitFor();
      assert.equal(
        await page
          .getByRole('row', { name: /^Issuer/ })
          .locator('.diff')
          .count(),
        0,
      );
    }));

  it('downloads a certificate and exports what the filters leave', () =>
    onPage('/certificates?q=grafana', async (page) => {
      const [csv] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('link', { name: 'Export CSV' }).click(),
      ]);
      assert.equal((await readFile(await csv.path(), 'utf8')).trim().split('\n').length, 2);
      await page.getByRole('link', { name: 'grafana.example.net' }).click();
      await page.getByRole('button', { name: 'Download' }).click();
      const [pem] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('link', { name: 'PEM', exact: true }).click(),
      ]);
      assert.match(await readFile(await pem.path(), 'utf8'), /^-----BEGIN CERTIFICATE-----/);
    }));

  it('finds anything from the palette', () =>
    onPage('/', async (page) => {
      await page.keyboard.press('Control+k');
      await page.keyboard.type('grafana.ex');
      await page
        .getByRole('option', { name: /grafana\.example\.net/ })
        .first()
        .waitFor();
      await page.keyboard.press('Enter');
      await page.getByRole('heading', { name: /grafana\.example\.net/ }).waitFor();
      await page.keyboard.press('g');
      await page.keyboard.press('s');
      await page.getByRole('heading', { name: 'Scans', exact: true }).waitFor();
    }));

  it('shows 60 hostile names as text, wherever they stand', async () => {
    assert.ok(hostileNames.length >= 60);
    const [certificate] = await estate.service.list<{ sha256: string; tbsSha256: string }>(
      '/api/v1/certificates?hostContains=hostile.example',
    );
    const [endpoint] = await estate.service.list<{ key: string }>(
      '/api/v1/endpoints?hostContains=hostile.example',
    );
    const [found] = await findings('q=hostile.example');
    const sha256 = certificate?.sha256 ?? '';
    await onPage(`/certificates/${sha256}`, async (page) => {
      page.on('dialog', (dialog) => assert.fail(`a script ran: ${dialog.message()}`));
      await page.getByText('onerror=alert(1)>.').first().waitFor();
      await page.getByText('right\\u{202e}to\\u{2066}left').first().waitFor({ state: 'attached' });
      for (const path of [
        `/certificates/${sha256}`,
        `/certificates/compare?a=${sha256}&b=${sha256}`,
        '/certificates?q=hostile',
        `/issuances/${certificate?.tbsSha256}`,
        `/endpoints/${encodeURIComponent(endpoint?.key ?? '')}`,
        '/endpoints?hostContains=hostile',
        '/names?hostContains=example',
        '/names/example.com',
        '/findings?q=hostile&group=none',
        `/findings?q=${encodeURIComponent(hostileNames[1] ?? '')}`,
        `/findings/${found?.id}`,
        '/scans',
        '/ct',
        '/inventory',
        '/deliveries',
        '/settings/audit',
        '/',
      ]) {
        await page.goto(path);
        await shown(page);
        const main = page.locator('main');
        assert.equal(
          await main.locator('script, img, iframe, [onload], [onerror], [href^="javascript"]').count(),
          0,
          path,
        );
        assert.doesNotMatch(
          await main.innerText(),
          /[\u0000\u0007\u001b\u009b\u200e\u200f\u202a-\u202e\u2066-\u2069]/u,
          path,
        );
      }
    });
  });

  it('sets up an empty service: domains and networks, the scan as it goes, first results', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'certglass-welcome-'));
    const server = await tlsServer({ certificate: issueFor('www.example.com'), host: '127.20.8.1' });
    const config = {
      store: { dataDir: join(folder, 'data') },
      ...{ ct: { enabled: false }, dns: { enabled: false }, revocation: { enabled: false } },
      scan: { dns: { servers: ['127.20.8.2:9'], timeoutMs: 100 } },
      api: { port: 0 },
    };
    await writeFile(join(folder, 'certglass.yaml'), JSON.stringify(config));
    const service = await startServiceProcess(['--config', join(folder, 'certglass.yaml')]);
    closers.push(
      () => service.end('SIGTERM'),
      () => server.close(),
      () => rm(folder, { recursive: true }),
    );
    const { page, complaints } = await watchedPage(browser, service.url);
    await page.goto('/');
    await page.waitForURL(/welcome/);
    await page.getByRole('textbox', { name: 'Domains' }).fill('example.com co.uk');
    await page.getByText(/co\.uk: this is a public suffix/).waitFor();
    await page.getByRole('textbox', { name: 'Domains' }).fill('example.com');
    await page.getByRole('textbox', { name: 'Networks and hosts' }).fill(`127.20.8.1:${server.port}`);
    await page.getByText(/^1 endpoint,/).waitFor();
    assert.deepEqual(await violations(page), []);
    assert.deepEqual(complaints, []);
    await page.getByRole('checkbox').check();
    await page.getByRole('button', { name: 'Start scanning' }).click();
    await page
      .getByRole('link', { name: /self-signed/ })
      .first()
      .waitFor();
    assert.deepEqual(await violations(page), []);
    await page.getByRole('link', { name: 'Open the overview' }).click();
    await page.getByRole('heading', { name: 'Overview' }).waitFor();
    assert.match(await readFile(join(folder, 'certglass.yaml'), 'utf8'), /example\.com/);
    await page.context().close();
  });

  it('signs in with a token, refuses a wrong one, comes back, signs out; an admin adds a user, who chooses a password', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'certglass-signin-'));
    const [token, adminToken] = ['a-token-of-this-test-0123456789', 'an-admin-of-this-test-0123456789'];
    const config = {
      store: { dataDir: join(folder, 'data') },
      ct: { logLists: [] },
      api: {
        port: 0,
        tokens: [
          { name: 'rita', token, role: 'reader' },
          { name: 'ada', token: adminToken, role: 'admin' },
        ],
      },
    };
    await writeFile(join(folder, 'certglass.yaml'), JSON.stringify(config));
    const service = await startServiceProcess(['--config', join(folder, 'certglass.yaml')]);
    closers.push(
      () => service.end('SIGTERM'),
      () => rm(folder, { recursive: true }),
    );
    const { page } = await watchedPage(browser, service.url);
    await page.goto('/scans');
    await page.getByLabel('Token', { exact: true }).fill('wrong-token-of-this-test-0123456789');
    await page.getByRole('button', { name: 'Sign in with token' }).click();
    await page.getByRole('alert').filter({ hasText: /token/i }).waitFor();
    await page.getByLabel('Token', { exact: true }).fill(token);
    await page.getByRole('button', { name: 'Sign in with token' }).click();
    await page.getByRole('heading', { name: 'Scans', exact: true }).waitFor();
    const start = page.getByRole('button', { name: 'New scan' });
    assert.ok(await start.isDisabled(), 'a reader may not scan');
    assert.match((await start.getAttribute('title')) ?? '', /needs the role operator/);
    await page.getByRole('button', { name: 'Account of rita' }).click();
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByLabel('Token', { exact: true }).waitFor();
    await page.goto('/settings/users');
    await page.waitForURL(/sign-in\?next=%2Fsettings%2Fusers/);
    await page.getByLabel('Token', { exact: true }).fill(adminToken);
    await page.getByRole('button', { name: 'Sign in with token' }).click();
    await page.getByRole('button', { name: 'New user' }).click();
    await page.getByLabel('Name').fill('otto');
    await page.getByRole('button', { name: 'Create user' }).click();
    const link = (await page.getByRole('dialog').locator('pre').textContent()) ?? '';
    await page.getByRole('button', { name: 'Done' }).click();
    await page.getByRole('cell', { name: 'link open' }).waitFor();
    const other = await watchedPage(browser, service.url);
    await other.page.goto(link);
    await other.page.getByLabel('Password').fill('correct horse battery');
    await other.page.getByRole('button', { name: 'Save and sign in' }).click();
    await other.page.getByRole('button', { name: 'Account of otto' }).waitFor();
    await other.page.context().close();
    await page.context().close();
  });
});
