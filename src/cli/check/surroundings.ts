import { accessSync, constants, existsSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { dirname, resolve } from 'node:path';
import { once } from 'node:events';
import { defaultPort } from '../../api/config.js';
import type { Config } from '../../config/config.js';
import { addressGuard } from '../../lib/http/address-guard.js';
import { createTrust } from '../../trust/trust.js';
import { runningOn } from '../find-service.js';
import { reasonOf, type Fault } from './fault.js';

/** Root files in which there is no certificate. */
export async function trustFaults({ trust }: Config): Promise<readonly Fault[]> {
  const faults: Fault[] = [];
  const complain = (sentence: string): void => void faults.push({ path: ['trust', 'files'], sentence });
  await createTrust(trust, complain).catch((error: unknown) => complain(reasonOf(error)));
  return faults;
}

/** A path of the configuration, and where it stands. */
type Named = readonly [path: Fault['path'], file: string];

/** Folders that cannot be written, and what the inventory and the service read and cannot. */
export function fileFaults(config: Config): readonly Fault[] {
  return [
    ...writtenBy(config).flatMap(([path, folder]) => sentenceFor(path, unwritable(folder))),
    ...readBy(config).flatMap(([path, file]) => sentenceFor(path, unreadable(file))),
  ];
}

function writtenBy({ store, alerts }: Config): readonly Named[] {
  const { dataDir, spool, embedded } = store;
  const named: Named[] = [
    [['store', 'dataDir'], dataDir],
    [['store', 'spool', 'dir'], spool.dir],
    [['store', 'embedded', 'backupDir'], embedded.backupDir],
  ];
  const files = alerts.channels.map((channel, index): Named => {
    const file = channel.type === 'json-lines' ? dirname(channel.path) : '';
    return [['alerts', 'channels', index, 'path'], file];
  });
  return [...named, ...files].filter(([, folder]) => folder !== '');
}

function readBy({ inventory, keys, api, ct }: Config): readonly Named[] {
  const sources = inventory.sources.flatMap((source, index): readonly Named[] => {
    const path = ['inventory', 'sources', index];
    if (source.type === 'acme-client' || source.type === 'proxy') return [[[...path, 'path'], source.path]];
    if (source.type !== 'files') return [];
    return source.paths.map((file, place): Named => [[...path, 'paths', place], file]);
  });
  const lists = ct.logLists.map(({ source }, index): Named => {
    return [['ct', 'logLists', index, 'source'], source.includes('://') ? '' : source];
  });
  const single: readonly Named[] = [
    [['keys', 'knownKeys'], keys.knownKeys ?? ''],
    [['api', 'tls', 'certificateFile'], api.tls?.certificateFile ?? ''],
    [['api', 'tls', 'keyFile'], api.tls?.keyFile ?? ''],
  ];
  return [...sources, ...lists, ...single].filter(([, file]) => file !== '');
}

function sentenceFor(path: Fault['path'], sentence: string | null): readonly Fault[] {
  return sentence === null ? [] : [{ path, sentence }];
}

/** Why nothing can be written into a folder, which need not exist yet. */
export function unwritable(folder: string): string | null {
  let existing = resolve(folder);
  while (!existsSync(existing) && dirname(existing) !== existing) existing = dirname(existing);
  if (!statSync(existing).isDirectory()) return `${existing} is a file; name a folder`;
  try {
    accessSync(existing, constants.W_OK | constants.X_OK);
    return null;
  } catch {
    return `${existing} cannot be written by this user; change its owner, or name another folder`;
  }
}

function unreadable(path: string): string | null {
  try {
    accessSync(path, constants.R_OK);
    return null;
  } catch (error) {
    const isAbsent = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    return isAbsent
      ? `${path} does not exist; paths are relative to the folder of the configuration`
      : `${path} cannot be read by this user; give it the right to, or take it out`;
  }
}

/** Receivers of alerts at addresses that their channel may not connect to. */
export function receiverFaults({ alerts }: Config): readonly Fault[] {
  return alerts.channels.flatMap((channel, index) => {
    if (!('url' in channel) || typeof channel.url !== 'string' || !('allow' in channel)) return [];
    const host = new URL(channel.url).hostname.replace(/^\[|\]$/g, '');
    const address = /^localhost$|\.localhost$/i.test(host) ? '127.0.0.1' : host;
    if (!/^[\d.]+$|:/.test(address) || channel.proxy !== null) return [];
    if (addressGuard(channel)(address) === null) return [];
    const sentence = `${host} is no public address, and alerts go to those only; set allowPrivate: true, or allow: ["${address}"]`;
    return [{ path: ['alerts', 'channels', index, 'url'], sentence }];
  });
}

/** Tokens that are refused from the start. */
export function tokenFaults({ api }: Config, now: Date): readonly Fault[] {
  return api.tokens.flatMap(({ name, expiresAt }, index) =>
    expiresAt !== null && new Date(expiresAt) <= now
      ? [
          {
            path: ['api', 'tokens', index, 'expiresAt'],
            sentence: `the token ${name} expired on ${expiresAt.slice(0, 10)} and is refused; give it a later date, or take it out`,
          },
        ]
      : [],
  );
}

/** A port on which something else listens; Certglass itself, on the same data folder, is no fault. */
export async function portFaults({ api, store }: Config): Promise<readonly Fault[]> {
  // The default gives way to the next free port.
  if (api.port === 0 || api.port === defaultPort) return [];
  if (runningOn(store.dataDir) !== null) return [];
  const server = createServer();
  try {
    await Promise.race([
      once(server.listen(api.port, api.host.replace(/^\[|\]$/g, '')), 'listening'),
      once(server, 'error').then(([error]) => Promise.reject(error as Error)),
    ]);
    return [];
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    const reason =
      code === 'EADDRINUSE'
        ? 'another program listens on it'
        : code === 'EACCES'
          ? 'ports below 1024 need a privilege'
          : `this machine cannot listen on ${api.host} (${code})`;
    return [{ path: ['api', 'port'], sentence: `${api.port}: ${reason}; choose another port` }];
  } finally {
    server.close();
  }
}

/** Where everything is kept, for the report. */
export function dataFolder({ store }: Config): string {
  return store.mode === 'embedded' ? resolve(store.dataDir) : `${store.url} and ${resolve(store.dataDir)}`;
}
