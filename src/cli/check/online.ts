import { once } from 'node:events';
import { connect, isIP } from 'node:net';
import { pino } from 'pino';
import type { Config } from '../../config/config.js';
import { channelName, openChannels, type OpenChannel } from '../../delivery/config.js';
import { outboundRules, type OutboundConfig } from '../../lib/http/config.js';
import { nameFault } from '../../lib/outcome-text.js';
import { guardedConnector } from '../../lib/http/guarded-connect.js';
import { openDatabase } from '../../store/index.js';
import { createLogListSource } from '../../../scanners/ct/lists/log-lists.js';
import { createHttpClient } from '../../../scanners/ct/read/http-client.js';
import { parseExpression } from '../../../scanners/tls/targets/expression.js';
import { createResolver } from '../../../scanners/tls/targets/resolve.js';
import { reasonOf } from './fault.js';

/** One attempt to reach something. */
export interface Attempt {
  readonly kind: 'DNS' | 'alerts' | 'CT' | 'database';
  /** What was tried, for example `mail server mail.example.com:587`. */
  readonly what: string;
  /** Why it did not work; null when it did. */
  readonly failure: string | null;
}

type Try = readonly [kind: Attempt['kind'], what: string, attempt: (signal: AbortSignal) => Promise<void>];

const longestMs = 10_000;
/** Names looked up of a configuration; of more only the first. */
const mostNames = 50;

/** Tries everything that the configuration wants to reach, without sending an alert, scanning or storing anything. */
export async function tryOnline(config: Config): Promise<readonly Attempt[]> {
  const tries = [
    ...nameTries(config),
    ...channelTries(config),
    ...logListTries(config),
    ...databaseTries(config),
  ];
  return Promise.all(
    tries.map(async ([kind, what, attempt]) => {
      const late = AbortSignal.timeout(longestMs);
      const timeout = once(late, 'abort').then(() =>
        Promise.reject(new Error(`no answer within ${longestMs / 1000} s`)),
      );
      return Promise.race([attempt(late), timeout]).then(
        () => ({ kind, what, failure: null }),
        (error: unknown) => ({ kind, what, failure: reasonOf(error) }),
      );
    }),
  );
}

/** The names among the targets. */
function nameTries({ scan }: Config): readonly Try[] {
  const names = new Set(
    scan.groups.flatMap(({ targets }) =>
      targets.map(parseExpression).flatMap((one) => (one.kind === 'host' ? [one.host] : [])),
    ),
  );
  return [...names].slice(0, mostNames).map((name) => [
    'DNS',
    `name ${name}`,
    async () => {
      const resolver = createResolver(scan.dns);
      try {
        let error: string | null = null;
        for await (const part of resolver.addresses(name, performance.now() + longestMs)) {
          if (part.addresses.length > 0) return;
          error = part.error ?? error;
        }
        throw new Error(nameFault(error));
      } finally {
        resolver.close();
      }
    },
  ]);
}

/** Mail servers are logged in to; other receivers are connected to, and sent nothing. */
function channelTries({ alerts }: Config): readonly Try[] {
  return alerts.channels.flatMap((settings): readonly Try[] => {
    const name = channelName(settings);
    if (settings.type === 'email')
      return [
        [
          'alerts',
          `${name}: mail server ${settings.host}:${settings.port}`,
          async (signal) => {
            const [open] = openChannels({ ...alerts, channels: [settings] }, pino({ level: 'silent' }));
            await verify(open, signal);
          },
        ],
      ];
    if (settings.type === 'syslog' && settings.transport !== 'udp')
      return [
        [
          'alerts',
          `${name}: log server ${settings.host}:${settings.port}`,
          () => reach(settings.host, settings.port),
        ],
      ];
    if (!('url' in settings) || typeof settings.url !== 'string' || !('allowPrivate' in settings)) return [];
    const url = new URL(settings.url);
    return [['alerts', `${name}: ${url.host}`, (signal) => connectTo(url, settings, signal)]];
  });
}

async function verify(open: OpenChannel | undefined, signal: AbortSignal): Promise<void> {
  try {
    const failure = await open?.channel.verify?.(signal);
    if (typeof failure === 'string') throw new Error(failure);
  } finally {
    await open?.channel.close();
  }
}

async function reach(host: string, port: number): Promise<void> {
  const socket = connect({ host, port });
  try {
    await once(socket, 'connect');
  } finally {
    socket.destroy();
  }
}

/** Connects as the channel itself would: guarded, through its proxy, with its certificates. */
function connectTo(
  { hostname, port, protocol }: URL,
  settings: OutboundConfig,
  signal: AbortSignal,
): Promise<void> {
  const connector = guardedConnector(outboundRules(settings), { connectTimeoutMs: longestMs, signal });
  return new Promise((resolve, reject) => {
    connector({ hostname, port, protocol, host: isIP(hostname) ? hostname : '' }, (error, socket) => {
      if (error !== null) return reject(error);
      socket.destroy();
      resolve();
    });
  });
}

/** The log lists, where a log is followed at all. */
export function logListsInUse({ ct, policy }: Config): Config['ct']['logLists'] {
  return ct.enabled && policy.ownedDomains.length + ct.watch.domains.length > 0 ? ct.logLists : [];
}

function logListTries(config: Config): readonly Try[] {
  return logListsInUse(config).map((list) => [
    'CT',
    `CT log list ${list.source}`,
    async (signal) => {
      const http = createHttpClient({ userAgent: 'certglass', connectMs: longestMs, requestMs: longestMs });
      try {
        const { error } = await createLogListSource(list, http, null).refresh(signal);
        if (error !== null) throw new Error(error);
      } finally {
        await http.close();
      }
    },
  ]);
}

function databaseTries({ store }: Config): readonly Try[] {
  if (store.mode === 'embedded') return [];
  return [
    [
      'database',
      `database ${store.url}`,
      async (signal) => {
        const database = await openDatabase(store, pino({ level: 'silent' }));
        try {
          await database.rows('SELECT 1', {}, { signal });
        } finally {
          await database.close();
        }
      },
    ],
  ];
}
