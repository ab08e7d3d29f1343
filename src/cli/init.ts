import { randomBytes } from 'node:crypto';
import { existsSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createInterface, type Interface } from 'node:readline/promises';
import { stringify } from 'yaml';
import { loadConfig } from '../config/config.js';

/** Options of `certglass init`. */
export interface InitOptions {
  readonly out: string;
  readonly domain?: readonly string[];
  readonly target?: readonly string[];
  readonly mailTo?: string;
  readonly mailFrom?: string;
  readonly smtp?: string;
  readonly webhook?: string;
  readonly force?: boolean;
  /** False: nothing is asked, flags are all there is. */
  readonly interactive: boolean;
}

interface Answers {
  readonly domains: readonly string[];
  readonly targets: readonly string[];
  readonly mail: { readonly host: string; readonly from: string; readonly to: string } | null;
  readonly webhook: string | null;
}

/** `certglass init`: asks what is needed, writes a small configuration, checks it, and says what to do next. */
export async function init(options: InitOptions): Promise<number> {
  const { out } = options;
  if (existsSync(out) && options.force !== true)
    throw new Error(`${out} exists; name another file with --out, or replace it with --force`);
  const answers = options.interactive ? await ask(options) : fromFlags(options);
  if (answers.domains.length === 0 && answers.targets.length === 0)
    throw new Error('nothing to watch: give at least one domain (--domain) or target (--target)');
  writeChecked(out, configurationOf(answers));
  process.stdout.write(`${out} is written and valid.\n\nNext:\n${nextSteps(out)}`);
  return 0;
}

/** Writes the configuration under its name once it is known to be valid. */
function writeChecked(out: string, text: string): void {
  const draft = `${out}.draft`;
  writeFileSync(draft, text, { mode: 0o600 });
  try {
    loadConfig(draft, process.env);
    renameSync(draft, out);
  } finally {
    rmSync(draft, { force: true });
  }
}

function fromFlags({ domain = [], target = [], mailTo, mailFrom, smtp, webhook }: InitOptions): Answers {
  if (mailTo !== undefined && smtp === undefined)
    throw new Error('--mail-to needs --smtp HOST, the server that takes the mail');
  const from = mailFrom ?? `certglass@${mailTo?.split('@')[1] ?? 'localhost'}`;
  return {
    domains: domain,
    targets: target,
    mail: mailTo === undefined || smtp === undefined ? null : { host: smtp, from, to: mailTo },
    webhook: webhook ?? null,
  };
}

async function ask(options: InitOptions): Promise<Answers> {
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  try {
    process.stdout.write(
      'Certglass watches what your machines serve and what any CA issues in your name.\n\n',
    );
    const domains = await askList(terminal, 'Domains you own (space between; watched in CT)', options.domain);
    const targets = await askList(
      terminal,
      'Hosts, addresses or ranges to scan (host:port allowed)',
      options.target ?? domains,
    );
    const to = await askText(terminal, 'Mail address for alerts (empty: none)', options.mailTo ?? '');
    const host =
      to === '' ? '' : await askText(terminal, 'Mail server that takes it', options.smtp ?? 'localhost');
    const webhook = await askText(terminal, 'Webhook URL for alerts (empty: none)', options.webhook ?? '');
    return fromFlags({
      ...options,
      domain: domains,
      target: targets,
      ...(to === '' ? {} : { mailTo: to, smtp: host }),
      ...(webhook === '' ? {} : { webhook }),
    });
  } finally {
    terminal.close();
  }
}

async function askText(terminal: Interface, question: string, usual: string): Promise<string> {
  const answer = await terminal.question(`${question}${usual === '' ? '' : ` [${usual}]`}: `);
  return answer.trim() === '' ? usual : answer.trim();
}

async function askList(
  terminal: Interface,
  question: string,
  usual: readonly string[] = [],
): Promise<readonly string[]> {
  return (await askText(terminal, question, usual.join(' '))).split(/[\s,]+/).filter((text) => text !== '');
}

/** A signing secret as Standard Webhooks writes it. */
function newSecret(): string {
  return `whsec_${randomBytes(32).toString('base64')}`;
}

/** A small configuration with a comment above each part. */
function configurationOf({ domains, targets, mail, webhook }: Answers): string {
  const parts: [string, unknown][] = [];
  if (domains.length > 0)
    parts.push([
      'Domains that are yours: what any CA issues for them is watched in the CT logs.',
      { policy: { ownedDomains: domains } },
    ]);
  if (targets.length > 0)
    parts.push([
      'What is scanned. `schedule` is a cron expression in UTC.',
      { scan: { groups: [{ name: 'main', targets, schedule: '17 */6 * * *' }] } },
    ]);
  const channels = [
    ...(mail === null ? [] : [{ type: 'email', host: mail.host, from: mail.from, to: [mail.to] }]),
    ...(webhook === null ? [] : [{ type: 'webhook', url: webhook, secrets: [newSecret()] }]),
  ];
  if (channels.length > 0)
    parts.push([
      'Who is alerted. A webhook is signed with its secret (Standard Webhooks): give it to the receiver.',
      { alerts: { channels } },
    ]);
  const heading =
    '# Configuration of Certglass. `certglass config example` prints every key; `certglass config check FILE` checks.\n';
  return heading + parts.map(([comment, part]) => `\n# ${comment}\n${stringify(part)}`).join('');
}

function nextSteps(out: string): string {
  return [
    `  certglass start --config ${out}`,
    '  certglass expiring              (from another terminal, in the same folder)',
    '',
  ].join('\n');
}
