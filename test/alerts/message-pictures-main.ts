import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { matrix } from '../../src/alerts/matrix.js';
import { mailOf } from '../../src/alerts/message/mail.js';
import type { Message } from '../../src/alerts/channel.js';
import { root } from '../architecture/modules.js';
import { startBrowser } from '../console/browser.js';
import { startHttpRecorder } from '../support/http-recorder.js';
import { finding, message, openChannel } from './samples.js';

/** Draws docs/screenshots of messages from what the channels send: `npm run alerts:pictures`. */
const folder = join(root, 'docs', 'screenshots');

function samples(): Promise<Message> {
  return message([
    finding({
      title: 'shop.example.com expires in 3 days',
      rule: 'expiring',
      host: 'shop.example.com',
      subject: { kind: 'endpoint', key: 'shop.example.com|192.0.2.10|443|shop.example.com|' },
      details: { notAfter: '2026-11-26T10:00:00Z', daysLeft: 3, lifetimeDays: 90 },
      dueAt: new Date('2026-11-26T10:00:00Z'),
      owner: 'web',
      environment: 'production',
      tags: ['pci'],
    }),
    finding({
      id: 'e'.repeat(32),
      title: 'Certificate of mail.example.com was replaced',
      rule: 'expired',
      severity: 'error',
      host: 'mail.example.com',
      subject: { kind: 'endpoint', key: 'mail.example.com|192.0.2.25|25|mail.example.com|smtp' },
      state: 'resolved',
      resolution: 'fixed',
      resolvedAt: new Date('2026-11-23T11:30:00Z'),
      owner: 'mail',
    }),
  ]);
}

/** The HTML of a Matrix message, in a frame like those of its clients. */
async function chatPage(of: Message): Promise<string> {
  const recorder = await startHttpRecorder();
  const channel = openChannel(matrix, { homeserver: recorder.url, allowPrivate: true });
  try {
    await channel.send(of, new AbortController().signal);
    const { formatted_body: html } = recorder.requests[0]?.json as { formatted_body: string };
    const style =
      'body{margin:0;padding:16px;background:#fff;font:14px/1.5 sans-serif;color:#17191c}' +
      'b{display:block;color:#0e7a5f}div{background:#f4f6fa;border-radius:8px;padding:10px 14px;max-width:640px;overflow-wrap:anywhere}';
    return `<!doctype html><meta charset="utf-8"><style>${style}</style><b>Certglass</b><div>${html}</div>`;
  } finally {
    await channel.close();
    await recorder.close();
  }
}

const sent = await samples();
const { html } = mailOf(sent);
const pictures = [
  { file: 'alert-mail', html, width: 720, dark: false },
  { file: 'alert-mail-narrow-dark', html, width: 360, dark: true },
  { file: 'alert-chat', html: await chatPage(sent), width: 720, dark: false },
] as const;

await mkdir(folder, { recursive: true });
const browser = await startBrowser();
try {
  for (const { file, html: content, width, dark } of pictures) {
    const colorScheme = dark ? 'dark' : 'light';
    const page = await browser.newPage({ viewport: { width, height: 200 }, colorScheme });
    await page.setContent(content);
    await page.screenshot({ path: join(folder, `${file}.png`), fullPage: true });
    await page.close();
  }
} finally {
  await browser.close();
}
