import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Page } from 'playwright-core';
import { shown, startBrowser, watchedPage } from './browser.js';
import { installConsole } from './bundle.js';
import { startConsoleEstate, type ConsoleEstate } from './estate.js';

/**
 * Draws docs/screenshots from the real console on a filled store: `npm run screenshots`; those whose names begin with an argument:
 * `npm run screenshots -- report`.
 */
const folder = resolve(import.meta.dirname, '../../../docs/screenshots');

interface Shot {
  readonly file: string;
  readonly path: string;
  readonly scheme?: 'light' | 'dark';
  readonly width?: number;
  readonly height?: number;
  readonly act?: (page: Page) => Promise<void>;
  readonly isReport?: true;
}

async function shotsOf({ service }: ConsoleEstate): Promise<readonly Shot[]> {
  const [old] = await service.list<{ sha256: string; tbsSha256: string }>(
    '/api/v1/certificates?q=api.example.com&sort=notAfter',
  );
  const [edge] = await service.list<{ key: string }>('/api/v1/endpoints?hostContains=edge.example');
  const [expired] = await service.list<{ id: string }>('/api/v1/findings?rule=expired');
  return [
    { file: 'overview', path: '/' },
    { file: 'overview-dark', path: '/', scheme: 'dark', height: 820 },
    { file: 'findings', path: '/findings', height: 740 },
    {
      file: 'silence',
      path: `/findings/${expired?.id ?? ''}`,
      act: async (page) => {
        await page.getByRole('button', { name: 'Silence s' }).click();
        await page.getByLabel('Why').fill('Replacement is ordered. The VPN moves on Thursday.');
      },
    },
    { file: 'deploy-gap', path: `/issuances/${old?.tbsSha256 ?? ''}` },
    { file: 'certificates', path: '/certificates', height: 680 },
    { file: 'certificate', path: `/certificates/${old?.sha256 ?? ''}`, height: 800 },
    { file: 'endpoint-dark', path: `/endpoints/${encodeURIComponent(edge?.key ?? '')}`, scheme: 'dark' },
    { file: 'name', path: '/names/example.com' },
    { file: 'phone', path: '/findings', width: 390, height: 844 },
    ...(await reportShots(service)),
  ];
}

/** Reports are pages of their own, without the console around them. */
async function reportShots({ url, list }: ConsoleEstate['service']): Promise<readonly Shot[]> {
  const now = Date.now();
  const [from, to] = [now - 30 * 86_400_000, now].map((ms) => new Date(ms).toISOString());
  const [certificate] = await list<{ issuer: string }>('/api/v1/certificates?q=api.example.com');
  const answer = await fetch(`${url}/api/v1/incidents`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      kind: 'issuer',
      value: certificate?.issuer,
      drill: true,
      note: 'Yearly exercise.',
    }),
  });
  const { id } = (await answer.json()) as { id: string };
  const period = `from=${from}&to=${to}&format=html`;
  return [
    { file: 'report-inventory', path: `/api/v1/reports/inventory?${period}`, isReport: true, height: 900 },
    {
      file: 'report-cryptography',
      path: `/api/v1/reports/cryptography?${period}`,
      isReport: true,
      height: 900,
    },
    { file: 'report-incident', path: `/api/v1/incidents/${id}/report`, isReport: true, height: 900 },
  ];
}

const [estate, browser] = await Promise.all([
  installConsole().then(() => startConsoleEstate({ port: 8443 })),
  startBrowser(),
]);
try {
  await mkdir(folder, { recursive: true });
  const [only = ''] = process.argv.slice(2);
  for (const shot of await shotsOf(estate)) {
    const { file, path, scheme = 'light', width = 1_280, height = 820, act, isReport = false } = shot;
    if (!file.startsWith(only)) continue;
    const { page } = await watchedPage(browser, estate.service.url, {
      colorScheme: scheme,
      viewport: { width, height },
    });
    await page.goto(path);
    if (!isReport) await shown(page);
    await act?.(page);
    await page.screenshot({ path: join(folder, `${file}.png`), animations: 'disabled' });
    await page.context().close();
  }
} finally {
  await browser.close();
  await estate.close();
}
