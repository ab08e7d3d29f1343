import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { freePort } from '../support/free-port.js';

/**
 * A real ClickHouse server: the library of the embedded engine holds one, with the HTTP and TCP interfaces, users and settings of a server
 * of that version, which is reached by the way of `clickhouse local`. Python calls it, since Node has no means to. It ends with its input.
 */
const program = `
import ctypes, os, sys, threading
library = ctypes.CDLL(sys.argv[1])
threading.Thread(target=lambda: (sys.stdin.read(), os._exit(0)), daemon=True).start()
words = [word.encode() for word in ['clickhouse'] + sys.argv[2:]]
library.chdb_query_cmdline.restype = ctypes.c_void_p
library.chdb_result_error.argtypes = [ctypes.c_void_p]
library.chdb_result_error.restype = ctypes.c_char_p
sys.exit(library.chdb_result_error(library.chdb_query_cmdline(len(words), (ctypes.c_char_p * len(words))(*words))))
`;
const forever =
  'SYSTEM START LISTEN QUERIES ALL; SELECT sleepEachRow(3) FROM numbers(1000000) FORMAT Null ' +
  'SETTINGS function_sleep_max_microseconds_per_block = 0, max_block_size = 1';

function libraryPath(): string | null {
  try {
    return createRequire(import.meta.url).resolve(
      `@chdb/lib-${process.platform}-${process.arch}-gnu/libchdb.so`,
    );
  } catch {
    return null;
  }
}

/** Why there can be no server here; false when there can. */
export const noServer: string | false =
  libraryPath() === null
    ? 'needs the engine of Linux'
    : spawnSync('python3', ['--version']).status === 0
      ? false
      : 'needs python3';

/** A server that runs; user `certglass`, password `secret` may do everything. */
export interface RealServer {
  readonly url: string;
  readonly port: number;
  /** Ends it at once, as a crash would. */
  kill(): Promise<void>;
  /** Starts it again, where it was and with what it had. */
  again(): Promise<RealServer>;
}

/** What a server has besides what every one has. */
interface ServerOptions {
  /** Further users, password `secret`, with the `<query>GRANT ...</query>` of each; `guest` has `readonly = 2` as well. */
  readonly grants?: Readonly<Record<string, string>>;
  /** Further elements of its configuration. */
  readonly more?: string;
  readonly port?: number;
}

/** Starts a server in a folder, on a port of 127.0.0.1; resolves when it answers. */
export async function startServer(folder: string, options: ServerOptions = {}): Promise<RealServer> {
  mkdirSync(folder, { recursive: true });
  const http = options.port ?? (await freePort());
  const all = '<access_management>1</access_management>';
  const further = Object.entries(options.grants ?? {}).map(([name, queries]) =>
    user(name, 'secret', `<grants>${queries}</grants>`, name === 'guest' ? 'guest' : 'default'),
  );
  const readers = '<guest><readonly>2</readonly></guest>';
  const users = `<clickhouse><profiles><default/>${readers}</profiles><quotas><default/></quotas><users>
    ${user('default', '', all)}${user('certglass', 'secret', all)}${further.join('')}</users></clickhouse>`;
  const config = `<clickhouse><path>${folder}/data/</path><listen_host>127.0.0.1</listen_host>
    <http_port>${http}</http_port>${options.more ?? '<tcp_port>0</tcp_port>'}<logger><level>none</level></logger>
    <backups><allowed_path>${folder}/backups/</allowed_path></backups>
    <user_directories><users_xml><path>${folder}/users.xml</path></users_xml></user_directories></clickhouse>`;
  writeFileSync(join(folder, 'users.xml'), users);
  writeFileSync(join(folder, 'config.xml'), config);
  const child = spawn(
    'python3',
    ['-c', program, String(libraryPath()), `--config-file=${folder}/config.xml`, '--query', forever],
    { stdio: ['pipe', 'ignore', 'pipe'] },
  );
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
  const exited = once(child, 'exit');
  const url = `http://127.0.0.1:${http}`;
  while (!(await answers(url))) {
    if (child.exitCode !== null) throw new Error(`the server ended: ${said}`);
    await delay(20);
  }
  return {
    url,
    port: http,
    kill: async () => {
      child.kill('SIGKILL');
      await exited;
    },
    again: () => startServer(folder, { ...options, port: http }),
  };
}

function user(name: string, password: string, more: string, profile = 'default'): string {
  return `<${name}><password>${password}</password><networks><ip>127.0.0.0/8</ip></networks><profile>${profile}</profile>
    <quota>default</quota>${more}</${name}>`;
}

async function answers(url: string): Promise<boolean> {
  return fetch(`${url}/ping`).then(
    (response) => response.ok,
    () => false,
  );
}
