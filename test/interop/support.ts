import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Issued } from '../support/pki.js';

/** Absolute path of a program; null when it is not installed. */
export function program(name: string): string | null {
  const path = '/usr/local/bin:/usr/bin:/bin:/usr/local/sbin:/usr/sbin:/sbin:/usr/lib/postgresql/15/bin';
  const found = spawnSync('sh', ['-c', `command -v ${name}`], { encoding: 'utf8', env: { PATH: path } });
  return found.status === 0 ? found.stdout.trim() : null;
}

/** A command that ends with this process, however that ends, where the system can do that (Linux, by setpriv). */
export function bound(
  command: string,
  args: readonly string[],
): readonly [command: string, args: readonly string[]] {
  const setpriv = program('setpriv');
  return setpriv === null ? [command, args] : [setpriv, ['--pdeathsig', 'TERM', command, ...args]];
}

/** A folder for one server, with `cert.pem` (leaf and chain), `key.pem` and `both.pem`. */
export interface ServerFolder {
  readonly path: string;
  write(name: string, content: string): string;
  remove(): void;
}

/** Makes a temporary folder holding a certificate and its key; readable by daemons that drop their rights. */
export function serverFolder(leaf: Issued, chain: readonly Issued[] = []): ServerFolder {
  const path = mkdtempSync(join(tmpdir(), 'interop-'));
  spawnSync('chmod', ['755', path]);
  const write = (name: string, content: string): string => {
    writeFileSync(join(path, name), content, { mode: 0o644 });
    return join(path, name);
  };
  const pem = [leaf, ...chain].map((one) => one.pem).join('');
  write('cert.pem', pem);
  write('key.pem', leaf.keyPem);
  write('both.pem', leaf.keyPem + pem);
  return { path, write, remove: () => rmSync(path, { recursive: true, force: true }) };
}

/** A server program under test. */
export interface Running {
  /** Ends it, and everything it started. */
  stop(): Promise<void>;
}

/** Starts a server in a process group of its own and waits until `port` accepts connections. Throws with its output. */
export async function start(
  command: string,
  args: readonly string[],
  port: number,
  cwd = tmpdir(),
  env: NodeJS.ProcessEnv = {},
): Promise<Running> {
  const child = spawn(...bound(command, args), {
    cwd,
    detached: true,
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { ...process.env, ...env },
  });
  let output = '';
  const note = (chunk: Buffer): void => void (output = (output + chunk.toString('latin1')).slice(-4000));
  child.stdout.on('data', note);
  child.stderr.on('data', note);
  for (let attempt = 0; attempt < 200; attempt += 1) {
    if (await accepts(port)) return { stop: () => stop(child) };
    if (child.exitCode !== null) break;
    await delay(50);
  }
  await stop(child);
  throw new Error(`${command} did not start: ${output}`);
}

/** Waits until `port` accepts connections, ten seconds at most. */
export async function accepting(port: number): Promise<void> {
  for (let attempt = 0; attempt < 200 && !(await accepts(port)); attempt += 1) await delay(50);
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port });
    const end = (result: boolean) => () => {
      socket.destroy();
      resolve(result);
    };
    // A socket may by chance be given the port it asks for, and meet itself.
    socket.once('connect', () => end(socket.localPort !== port)()).once('error', end(false));
  });
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  const exit = once(child, 'exit');
  try {
    process.kill(-child.pid, 'SIGTERM');
  } catch {
    return; // already gone
  }
  const killer = setTimeout(() => child.pid !== undefined && process.kill(-child.pid, 'SIGKILL'), 3000);
  await exit;
  clearTimeout(killer);
}
