import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** A real `certglass start` process of a test. */
export interface ServiceProcess {
  readonly url: string;
  readonly pid: number;
  /** Everything logged so far. */
  log(): string;
  /** JSON of `GET path`; throws on any status but 200. */
  get<T = Record<string, unknown>>(path: string): Promise<T>;
  /** Every item of a list, over all pages. */
  list<T = Record<string, unknown>>(path: string): Promise<T[]>;
  /** Sends a signal and waits for the end; answers exit code or signal name. */
  end(signal: NodeJS.Signals): Promise<number | string>;
}

const main = join(import.meta.dirname, '..', '..', 'src', 'main.js');

/** Starts the service and waits for the line with its address. `environment` is laid over the test's own. */
export async function startServiceProcess(
  parameters: readonly string[],
  environment: Readonly<Record<string, string>> = {},
  cwd = process.cwd(),
): Promise<ServiceProcess> {
  const child = spawn(process.execPath, [main, 'start', ...parameters], {
    cwd,
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let log = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (log += text));
  const url = await firstLine(child, () => log);
  return {
    url,
    pid: child.pid ?? 0,
    log: () => log,
    get: (path) => getJson(url, path),
    list: (path) => listAll(url, path),
    async end(signal) {
      if (child.exitCode !== null || child.signalCode !== null)
        return child.exitCode ?? String(child.signalCode);
      const ended = once(child, 'exit');
      child.kill(signal);
      const [code, name] = (await ended) as [number | null, string | null];
      return code ?? String(name);
    },
  };
}

async function firstLine(child: ChildProcess, log: () => string): Promise<string> {
  const lines = createInterface({ input: child.stdout! });
  const line = once(lines, 'line') as Promise<[string]>;
  const gone = once(child, 'exit').then(() => null);
  const first = await Promise.race([line, gone]);
  if (first === null) throw new Error(`the service ended before it listened:\n${log()}`);
  return first[0];
}

async function getJson<T>(url: string, path: string): Promise<T> {
  const response = await fetch(new URL(path, url));
  if (response.status !== 200)
    throw new Error(`${path} answered ${response.status}: ${await response.text()}`);
  return (await response.json()) as T;
}

async function listAll<T>(url: string, path: string): Promise<T[]> {
  const items: T[] = [];
  let cursor: string | null = null;
  do {
    const at = new URL(path, url);
    at.searchParams.set('limit', '1000');
    if (cursor !== null) at.searchParams.set('cursor', cursor);
    const page: { items: T[]; nextCursor: string | null } = await getJson(url, at.pathname + at.search);
    items.push(...page.items);
    cursor = page.nextCursor;
  } while (cursor !== null);
  return items;
}

/** Asks again and again until `holds` is true; fails with what was seen last. No fixed wait: the test's own limit ends it. */
export async function eventually<T>(
  ask: () => Promise<T>,
  holds: (value: T) => boolean,
  limitMs = 60_000,
): Promise<T> {
  const until = performance.now() + limitMs;
  for (;;) {
    const value = await ask();
    if (holds(value)) return value;
    if (performance.now() > until)
      throw new Error(
        `did not come true in ${limitMs} ms; last: ${JSON.stringify(value, null, 1).slice(0, 6000)}`,
      );
    await new Promise((resolve) => setImmediate(resolve));
  }
}
