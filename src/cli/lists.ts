import { once } from 'node:events';
import { jsonLine } from '../lib/json-line.js';
import { rules } from '../rules/index.js';
import { findService, type RemoteOptions } from './find-service.js';
import { lookOf, type Look } from './look.js';
import { listRemote } from './remote.js';
import {
  renderCertificates,
  renderCtLogs,
  renderEndpoints,
  renderFindings,
  renderRules,
} from './render-lists.js';

/** Options of the commands that ask a running service. */
export interface ListOptions extends RemoteOptions {
  readonly limit: number;
  readonly filter?: readonly string[];
  readonly json?: boolean;
}

/** What can be listed: the path below `/api/v1`. */
export type List = 'findings' | 'certificates' | 'endpoints' | 'ct/logs';

/** `certglass findings|certificates|endpoints|ct logs`: prints what the service answers. */
export async function printList(list: List, options: ListOptions): Promise<number> {
  const filters = { ...defaultFilters[list], ...readFilters(options.filter ?? []) };
  const remote = findService(options, process.env);
  const items: Record<string, unknown>[] = [];
  const onCut = (): void => {
    process.stderr.write(`certglass: there are more; this is the first ${options.limit}, see --limit\n`);
  };
  for await (const item of listRemote(remote, list, filters, options.limit, onCut)) {
    if (options.json === true) await write(`${jsonLine(item)}\n`);
    else items.push(item);
  }
  if (options.json !== true) await write(render(list, items, lookOf(process.stdout, process.env)));
  return 0;
}

/** What a list without items says. */
const empty: Readonly<Record<List, string>> = {
  findings: 'No open findings.\n',
  certificates: 'No certificates.\n',
  endpoints: 'No endpoints.\n',
  'ct/logs': 'No CT logs are followed.\n',
};

/** What is resolved is history: `--filter state=resolved` shows it. */
const defaultFilters: Readonly<Partial<Record<List, Readonly<Record<string, string>>>>> = {
  findings: { state: 'open,acknowledged,silenced' },
};

/** `certglass rules`. */
export async function printRules({ json }: { readonly json?: boolean }): Promise<number> {
  if (json !== true) await write(renderRules(rules, lookOf(process.stdout, process.env)));
  else {
    for (const rule of rules) {
      const { id, kind, title, severity, citation, remediation, effectiveFrom } = rule;
      const since = effectiveFrom?.toISOString() ?? null;
      const about = rule.kind === 'certificate' ? rule.about : null;
      const { scope = 'all', isOptional: optional = false, supersedes = [] } = rule;
      const said = { id, kind, title, severity, citation, remediation, effectiveFrom: since };
      await write(`${jsonLine({ ...said, about, scope, optional, supersedes })}\n`);
    }
  }
  return 0;
}

/** Filters by key; values of one key that is given several times are alternatives, as if separated by commas. */
export function readFilters(texts: readonly string[]): Readonly<Record<string, string>> {
  const filters = new Map<string, string>();
  for (const text of texts) {
    const at = text.indexOf('=');
    if (at <= 0) throw new Error(`--filter ${text}: write key=value, for example rule=expired`);
    const [key, value] = [text.slice(0, at), text.slice(at + 1)];
    const before = filters.get(key);
    filters.set(key, before === undefined ? value : `${before},${value}`);
  }
  return Object.fromEntries(filters);
}

/** The service's lists have the shapes that the renderers take; see the API's own schemas. */
function render(list: List, items: readonly Record<string, unknown>[], look: Look): string {
  const now = new Date();
  const as = <T>(): T => items as T;
  if (items.length === 0) return empty[list];
  if (list === 'findings') return renderFindings(as(), look, now);
  if (list === 'certificates') return renderCertificates(as(), look, now);
  if (list === 'endpoints') return renderEndpoints(as(), look, now);
  return renderCtLogs(as(), look, now);
}

async function write(text: string): Promise<void> {
  if (!process.stdout.write(text)) await once(process.stdout, 'drain');
}
