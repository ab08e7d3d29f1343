import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core';

const path = '/usr/bin/chromium';

/** Why browser tests are skipped here; false where Chromium is installed. */
export const noBrowser = existsSync(path) ? false : 'no Chromium on this machine';

/** Starts Chromium with a fresh profile and nothing that calls home. */
export function startBrowser(): Promise<Browser> {
  const quiet = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'];
  const silent = ['--disable-background-networking', '--disable-component-update', '--disable-sync'];
  return chromium.launch({ executablePath: path, args: [...quiet, ...silent] });
}

/** A page that remembers everything it complained about. */
export interface WatchedPage {
  readonly page: Page;
  /** Console errors, uncaught errors, CSP reports and requests to other places, as sentences. */
  readonly complaints: string[];
}

/** What runs in the page is text: this side of the tests has no DOM. */
const reportPolicy = `document.addEventListener('securitypolicyviolation', (event) =>
  console.error('CSP: ' + event.violatedDirective + ' ' + event.blockedURI));`;

/** Opens a page that may talk to one origin only. */
export async function watchedPage(
  browser: Browser,
  origin: string,
  options: BrowserContextOptions = {},
): Promise<WatchedPage> {
  const context = await browser.newContext({ baseURL: origin, ...options });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning')
      complaints.push(`console ${message.type()}: ${message.text()}`);
  });
  page.on('pageerror', (error) => complaints.push(`uncaught: ${error.message}`));
  page.on('request', (request) => {
    if (new URL(request.url()).origin !== new URL(origin).origin)
      complaints.push(`foreign: ${request.url()}`);
  });
  await page.addInitScript({ content: reportPolicy });
  return { page, complaints };
}

/** Waits until a page shows its heading and loads nothing more. */
export async function shown(page: Page): Promise<void> {
  await page.locator('h1').first().waitFor();
  await page.locator('[aria-busy=true], .skel').first().waitFor({ state: 'detached' });
}

const axeSource = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** By how many pixels the page scrolls sideways. */
export function tooWide(page: Page): Promise<number> {
  return page.evaluate<number>('document.documentElement.scrollWidth - innerWidth');
}

/** Serious and critical accessibility violations of what is shown, as sentences; of some rules only, if they are named. */
export async function violations(page: Page, rules: readonly string[] = []): Promise<readonly string[]> {
  // Evaluated by the debugger, so that the page's policy does not stop it.
  await page.evaluate(`if (!('axe' in window)) { ${axeSource} }`);
  const options = { resultTypes: ['violations'], ...(rules.length === 0 ? {} : { runOnly: rules }) };
  const found = await page.evaluate<{
    violations: { id: string; impact: string; nodes: { target: string[]; failureSummary: string }[] }[];
  }>(`axe.run(document, ${JSON.stringify(options)})`);
  return found.violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) =>
      nodes.slice(0, 3).map(({ target, failureSummary }) => `${id}: ${target.join(' ')}: ${failureSummary}`),
    );
}
