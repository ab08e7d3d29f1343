import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { isMap, isSeq, parseDocument, type Document } from 'yaml';
import { loadConfig } from './config.js';

/** What has to be known before anything can be watched: the answers of `certglass init` and of the console's first page. */
export interface SetupAnswers {
  readonly domains: readonly string[];
  readonly targets: readonly string[];
  /** Ports of targets that name none; null: the usual one. */
  readonly ports: readonly number[] | null;
  /** Also scan names under the domains that certificates and CT logs have shown. */
  readonly learned: boolean;
  readonly mail: { readonly host: string; readonly from: string; readonly to: string } | null;
  readonly webhook: string | null;
}

/** Sender of mails where none is given: of the same domain as the receiver. */
export function usualSender(to: string): string {
  return `certglass@${to.split('@')[1] ?? 'localhost'}`;
}

const heading =
  '# Configuration of Certglass. `certglass config example` prints every key; `certglass config check FILE` checks.\n';

/**
 * A configuration text with the answers laid into it: lists grow, comments and everything else stay. An empty text becomes a small
 * configuration with a comment above each part.
 */
export function withAnswers(text: string, answers: SetupAnswers): string {
  const document = parseDocument(text.trim() === '' ? '{}' : text);
  const isNew = text.trim() === '';
  if (isNew && isMap(document.contents)) document.contents.flow = false;
  for (const { comment, path, entries } of partsOf(answers))
    if (entries.length > 0) addTo(document, comment, path, entries);
  return isNew ? `${heading}\n${document.toString()}` : document.toString();
}

/**
 * Writes a configuration under its name once it is known to be valid. Answers a function that puts back what was there before; throws
 * the faults of the configuration, or why the file cannot be written.
 */
export function writeChecked(file: string, text: string): () => void {
  const earlier = existsSync(file) ? readFileSync(file) : null;
  const mode = earlier === null ? 0o600 : statSync(file).mode & 0o777;
  const put = (content: string | Uint8Array, check: (draft: string) => void): void => {
    const draft = `${file}.draft`;
    writeFileSync(draft, content, { mode });
    try {
      check(draft);
      renameSync(draft, file);
    } finally {
      rmSync(draft, { force: true });
    }
  };
  put(text, (draft) => void loadConfig(draft, process.env));
  return () => (earlier === null ? rmSync(file, { force: true }) : put(earlier, () => undefined));
}

interface Part {
  readonly comment: string;
  readonly path: readonly [section: string, key: string];
  readonly entries: readonly unknown[];
}

function partsOf({ domains, targets, ports, learned, mail, webhook }: SetupAnswers): readonly Part[] {
  const group = {
    name: 'main',
    targets,
    ...(ports === null ? {} : { ports }),
    schedule: '17 */6 * * *',
    ...(learned ? { learned } : {}),
  };
  return [
    {
      comment: ' Domains that are yours: what any CA issues for them is watched in the CT logs.',
      path: ['policy', 'ownedDomains'],
      entries: domains,
    },
    {
      comment: ' What is scanned. `schedule` is a cron expression in UTC.',
      path: ['scan', 'groups'],
      entries: targets.length === 0 ? [] : [group],
    },
    {
      comment:
        ' Who is alerted. A webhook is signed with its secret (Standard Webhooks): give it to the receiver.',
      path: ['alerts', 'channels'],
      entries: [
        ...(mail === null ? [] : [{ type: 'email', ...mailServer(mail.host), from: mail.from, to: [mail.to] }]),
        ...(webhook === null ? [] : [webhookTo(webhook)]),
      ],
    },
  ];
}

/** Adds entries to a list of a section; a section that is not there yet is made, with a comment above it. */
function addTo(document: Document, comment: string, path: Part['path'], entries: readonly unknown[]): void {
  const [section, key] = path;
  if (!isMap(document.get(section))) {
    document.delete(section);
    const pair = document.createPair(section, { [key]: entries });
    const name = document.createNode(section);
    name.commentBefore = comment;
    name.spaceBefore = isMap(document.contents) && document.contents.items.length > 0;
    document.add({ ...pair, key: name });
  } else if (isSeq(document.getIn(path))) for (const entry of entries) document.addIn(path, entry);
  else document.setIn(path, entries);
}

/** `HOST` or `HOST:PORT` as keys of the channel: a server on this machine is spoken to in plain text, port 465 in TLS from the first byte. */
function mailServer(text: string): Readonly<Record<string, unknown>> {
  const [, host = text, port] = /^(.*?)(?::(\d{1,5}))?$/.exec(text) ?? [];
  const isLocal = /^(localhost|127\.\d+\.\d+\.\d+)$/.test(host);
  if (isLocal) return { host, port: Number(port ?? 25), security: 'none' };
  return {
    host,
    ...(port === undefined ? {} : { port: Number(port) }),
    ...(port === '465' ? { security: 'implicit' } : {}),
  };
}

/** A receiver inside of one's own network has to be permitted; one that is named by address is so by naming it. */
function webhookTo(url: string): Readonly<Record<string, unknown>> {
  const host = URL.canParse(url) ? new URL(url).hostname.replace(/^\[|\]$/g, '') : '';
  const isAddress = /^[\d.]+$|:/.test(host) || host === 'localhost';
  return { type: 'webhook', url, ...(isAddress ? { allowPrivate: true } : {}), secrets: [newSecret()] };
}

/** A signing secret as Standard Webhooks writes it. */
function newSecret(): string {
  return `whsec_${randomBytes(32).toString('base64')}`;
}
