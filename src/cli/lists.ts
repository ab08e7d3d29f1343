import { once } from 'node:events';
import { jsonLine } from '../lib/json-line.js';
import { rules } from '../rules/index.js';
import { findService, type RemoteOptions } from './find-service.js';
import { lookOf } from './look.js';
import { renderRows, sortRows, type OutputFormat } from './output.js';
import { listRemote, type Remote } from './remote.js';
import { renderRules } from './render-rules.js';
import { count } from './render-text.js';
import { views, type ViewName } from './views/index.js';
import type { AnyView } from './views/view.js';

/** Options of the commands that ask a running service. */
export interface ListOptions extends RemoteOptions {
  readonly limit: number;
  readonly filter?: readonly string[];
  readonly sort?: string;
  readonly columns?: readonly string[];
  readonly format: OutputFormat;
  readonly all?: boolean;
  readonly json?: boolean;
}

/** Items read for an order that the service does not know; of longer lists these are the first. */
const mostSorted = 200_000;

/** Prints a list of the running service: `certglass findings|certificates|endpoints|ct logs|scans list ...`. */
export async function printList(name: ViewName, options: ListOptions): Promise<number> {
  const view: AnyView = views[name];
  const format = options.json === true ? 'ndjson' : options.format;
  const remote = findService(options, process.env);
  const filters = {
    ...(options.all === true ? {} : view.usually),
    ...readFilters(options.filter ?? []),
  };
  // Programs get the items as the API has them, unless they ask for columns.
  if (
    (format === 'ndjson' || format === 'json') &&
    options.columns === undefined &&
    options.sort === undefined
  )
    return printItems(
      remote,
      view,
      { ...withoutGrouped(view, options), ...readFilters(options.filter ?? []) },
      format,
      options.limit,
    );
  const sort = options.sort ?? view.sort;
  const { rows, isCut } = await read(
    remote,
    view,
    { ...view.query, ...filters },
    sort === null ? options.limit : mostSorted,
  );
  const kept =
    options.all === true || view.hides === undefined
      ? rows
      : rows.filter((row) => !view.hides?.isHidden(row));
  const columns = view.columns(new Date());
  const shown = sortRows(kept, columns, sort).slice(0, options.limit);
  const asked = { format, columns: options.columns ?? null, sort: null };
  await write(renderRows(shown, columns, view.usual, asked, lookOf(process.stdout, process.env)));
  if (format === 'table') await write(closing(view, shown.length, kept.length, rows.length - kept.length));
  if (isCut)
    process.stderr.write(`certglass: there are more; this is the first ${options.limit}, see --limit\n`);
  return 0;
}

/** Filters that hold for items as they are: what only groups know is left out. */
function withoutGrouped(view: AnyView, { all }: ListOptions): Readonly<Record<string, string>> {
  return all === true || view.path === 'certificates' ? {} : (view.usually ?? {});
}

/** What stands below a table. */
function closing(view: AnyView, shown: number, kept: number, hidden: number): string {
  if (shown === 0 && hidden === 0) return `${view.empty}\n`;
  const more = shown < kept ? [`${count(kept - shown, 'line')} more not shown (--limit)`] : [];
  const left =
    hidden > 0 && view.hides !== undefined
      ? [`${hidden.toLocaleString('en')} that ${view.hides.what} not shown (--all)`]
      : [];
  const said = [...more, ...left];
  return said.length === 0 ? '' : `\n${said.join('; ')}.\n`;
}

async function printItems(
  remote: Remote,
  { path, isWhole }: AnyView,
  filters: Readonly<Record<string, string>>,
  format: 'json' | 'ndjson',
  limit: number,
): Promise<number> {
  const all: unknown[] = [];
  const onCut = (): void => {
    process.stderr.write(`certglass: there are more; this is the first ${limit}, see --limit\n`);
  };
  for await (const item of listRemote(remote, path, filters, limit, onCut, isWhole)) {
    if (format === 'json') all.push(item);
    else await write(`${jsonLine(item)}\n`);
  }
  if (format === 'json') await write(`${JSON.stringify(all, null, 2)}\n`);
  return 0;
}

/** The list has the rows that its view takes; see the API's own schemas. */
async function read(
  remote: Remote,
  { path, isWhole }: AnyView,
  filters: Readonly<Record<string, string>>,
  limit: number,
): Promise<{ readonly rows: readonly never[]; readonly isCut: boolean }> {
  const rows: unknown[] = [];
  let isCut = false;
  for await (const item of listRemote(remote, path, filters, limit, () => (isCut = true), isWhole))
    rows.push(item);
  return { rows: rows as never[], isCut };
}

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

async function write(text: string): Promise<void> {
  if (!process.stdout.write(text)) await once(process.stdout, 'drain');
}
