import { existsSync } from 'node:fs';
import { basename } from 'node:path';
import { createInterface, type Interface } from 'node:readline/promises';
import { channelName } from '../delivery/config.js';
import { openConfig } from './open-config.js';
import { usualSender, withAnswers, writeChecked, type SetupAnswers } from '../config/setup.js';

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
  /** False: no test alert is sent. */
  readonly test?: boolean;
  /** False: nothing is asked, flags are all there is. */
  readonly interactive: boolean;
}

/**
 * `certglass init`: asks what is needed, writes a small configuration, checks it, sends a test alert, and says what to do next. Answers the
 * exit code: 1 when the configuration stands, but something in it does not work.
 */
export async function init(options: InitOptions): Promise<number> {
  const { out } = options;
  if (existsSync(out) && options.force !== true)
    throw new Error(`${out} exists; name another file with --out, or replace it with --force`);
  const answers = options.interactive ? await ask(options) : fromFlags(options);
  if (answers.domains.length === 0 && answers.targets.length === 0)
    throw new Error('nothing to watch: give at least one domain (--domain) or target (--target)');
  writeChecked(out, withAnswers('', answers));
  process.stdout.write(`${out} is written and valid.\n`);
  const isWell = await tryOut(out, options.test !== false);
  process.stdout.write(`\nNext:\n${nextSteps(out)}`);
  return isWell ? 0 : 1;
}

/** Says what would fail later, and sends a test alert; true when all is well. */
async function tryOut(out: string, isTested: boolean): Promise<boolean> {
  const config = openConfig(out, process.env);
  const { faultsOf } = await import('./config.js');
  const faults = await faultsOf(config);
  for (const { path, sentence } of faults)
    process.stderr.write(`certglass: ${path.join('.')}: ${sentence}\n`);
  const names = config.alerts.channels.map(channelName);
  if (!isTested || names.length === 0) return faults.length === 0;
  const { testChannels } = await import('./alert-test.js');
  process.stdout.write('\nTest alert:\n');
  const failures = await testChannels(names, { config: basename(out) });
  if (failures > 0)
    process.stderr.write(
      `certglass: not every receiver took it; correct alerts.channels in ${out}, then: certglass alert test ${names.join(' ')} --config ${out}\n`,
    );
  return faults.length === 0 && failures === 0;
}

function fromFlags({ domain = [], target = [], mailTo, mailFrom, smtp, webhook }: InitOptions): SetupAnswers {
  if (mailTo !== undefined && smtp === undefined)
    throw new Error('--mail-to needs --smtp HOST, the server that takes the mail');
  return {
    domains: domain,
    targets: target,
    ports: null,
    learned: false,
    mail:
      mailTo === undefined || smtp === undefined
        ? null
        : { host: smtp, from: mailFrom ?? usualSender(mailTo), to: mailTo },
    webhook: webhook ?? null,
  };
}

async function ask(options: InitOptions): Promise<SetupAnswers> {
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
      to === ''
        ? ''
        : await askText(
            terminal,
            'Mail server that takes it (host or host:port)',
            options.smtp ?? 'localhost',
          );
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

function nextSteps(out: string): string {
  return [
    `  certglass start --config ${out}`,
    '  certglass expiring              (from another terminal, in the same folder)',
    '',
  ].join('\n');
}
