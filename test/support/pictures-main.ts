import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { startConsoleEstate } from '../console/estate.js';
import { dark, light, terminalSvg } from './terminal-svg.js';

/** Draws docs/pictures and writes docs/terminal.md from what the commands print on a filled store: `npm run pictures`. */
const root = resolve(import.meta.dirname, '../../..');
const main = join(root, 'dist', 'src', 'main.js');
const pictures = join(root, 'docs', 'pictures');
/** Lines of a picture; of longer output the first. */
const mostLines = 24;

interface Shot {
  readonly file: string;
  /** As a person types it. */
  readonly words: string;
  readonly about: string;
}

const shots: readonly Shot[] = [
  { file: 'expiring', words: 'expiring --limit 10', about: 'What expires next.' },
  {
    file: 'findings',
    words: 'findings --limit 12',
    about: 'What is wrong: one line for each cause, worst first.',
  },
  { file: 'endpoints', words: 'endpoints --limit 10', about: 'What is scanned and what it serves.' },
  {
    file: 'certificates',
    words: 'certificates --limit 10',
    about: 'A certificate on five hosts is one line.',
  },
  {
    file: 'scan',
    words: 'scan 127.20.0.38-127.20.0.42:8443',
    about: 'Without a service: probe, judge, print.',
  },
  { file: 'inspect', words: 'inspect server.pem', about: 'A certificate file, before it is installed.' },
  { file: 'ct-matches', words: 'ct matches --limit 8', about: 'What CAs logged for watched names.' },
  { file: 'ct-logs', words: 'ct logs --limit 8', about: 'How far each CT log is read.' },
  { file: 'scans', words: 'scans list', about: 'What the service scanned, and is scanning.' },
  { file: 'deliveries', words: 'deliveries --limit 8', about: 'What was sent to whom.' },
  {
    file: 'config-check',
    words: 'config check certglass.yaml',
    about: 'What would fail later, before it does.',
  },
];

async function printed(
  words: string,
  folder: string,
  environment: Readonly<Record<string, string>>,
): Promise<string> {
  const child = spawn(process.execPath, [main, ...words.split(' ')], {
    cwd: folder,
    env: { ...process.env, ...environment },
  });
  const [out, err] = await Promise.all([text(child.stdout), text(child.stderr)]);
  const lines = `${out}${out === '' ? err : ''}`.trimEnd().split('\n');
  // A terminal breaks what is too long for it.
  const columns = Number(environment['COLUMNS']);
  const whole = lines.flatMap((line) =>
    line.includes('\u001b') ? [line] : (line.match(new RegExp(`.{1,${columns}}`, 'gu')) ?? ['']),
  );
  const cut = whole.length > mostLines ? [...whole.slice(0, mostLines - 1), '...'] : whole;
  return `$ certglass ${words}\n${cut.join('\n')}\n`;
}

const broken = `scan:
  groups:
    - { name: web, targets: ["@hosts.txt", 10.0.0.0/8], schedule: "17 */6 * * *" }
    - { name: mail, targets: [] }
inventory:
  sources: [{ type: files, paths: [/etc/ssl/managed] }]
alerts:
  channels:
    - { type: webhook, url: "https://10.1.2.3/hook", secrets: [whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwMfKQ9r8GKYo=] }
`;

const estate = await startConsoleEstate({ port: 8443 });
const folder = mkdtempSync(join(tmpdir(), 'certglass-pictures-'));
try {
  await mkdir(pictures, { recursive: true });
  const [old] = await estate.service.list<{ sha256: string }>(
    '/api/v1/certificates?q=api.example.com&sort=notAfter',
  );
  const pem = await fetch(`${estate.service.url}/api/v1/certificates/${old?.sha256 ?? ''}.pem`);
  writeFileSync(join(folder, 'server.pem'), await pem.text());
  writeFileSync(join(folder, 'certglass.yaml'), broken);
  for (const { file, words } of shots)
    for (const columns of [80, 140]) {
      const terminal = {
        CERTGLASS_URL: estate.service.url,
        CLICOLOR_FORCE: '1',
        COLUMNS: String(columns),
        NO_COLOR: '',
      };
      const coloured = await printed(words, folder, terminal);
      const plain = await printed(words, folder, { ...terminal, NO_COLOR: '1' });
      const name = join(pictures, `${file}-${columns}`);
      await writeFile(`${name}-light.svg`, terminalSvg(coloured, columns, light));
      await writeFile(`${name}-dark.svg`, terminalSvg(coloured, columns, dark));
      await writeFile(`${name}-plain.svg`, terminalSvg(plain, columns, light));
    }
  await writeFile(join(root, 'docs', 'terminal.md'), page());
} finally {
  rmSync(folder, { recursive: true });
  await estate.close();
}

function page(): string {
  const sections = shots.map(({ file, words, about }) => {
    const at = (columns: number, scheme: string): string => `pictures/${file}-${columns}-${scheme}.svg`;
    return `## certglass ${words.split(' --')[0] ?? words}

${about}

<picture><source media="(prefers-color-scheme: dark)" srcset="${at(80, 'dark')}"><img src="${at(80, 'light')}" alt="certglass ${words}, 80 columns"></picture>

[140 columns](${at(140, 'light')}), [dark](${at(140, 'dark')}); [without colour](${at(80, 'plain')}), [140 columns](${at(140, 'plain')})
`;
  });
  return `# How commands look in a terminal

What the most used commands print, on an invented estate; \`npm run pictures\` draws the pictures from their real output. Tables fit the
terminal: columns that matter less are left out first, and nothing is cut where the output is piped. Colours are those of the terminal's own
scheme; \`NO_COLOR\` turns them off, \`CLICOLOR_FORCE=1\` turns them on in a pipe. \`--format json|ndjson|csv|markdown|html\` is for programs and
documents.

${sections.join('\n')}`;
}
