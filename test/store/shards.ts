import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { freePort } from '../support/free-port.js';
import { startServer, type RealServer } from './server.js';

/** Two shards of a cluster `main`, asked at `url`. */
export interface Shards {
  readonly url: string;
  readonly servers: readonly RealServer[];
  close(): Promise<void>;
}

/**
 * Two real servers that know each other as the shards of a cluster. They have no Keeper, so what a cluster leaves to it is done here, in
 * front of the first: statements `ON CLUSTER` are sent to both, and tables that would be replicated are plain ones.
 */
export async function startShards(folder: string): Promise<Shards> {
  const ports = [await freePort(), await freePort()];
  const shards = ports.map(
    (port) =>
      `<shard><internal_replication>true</internal_replication><replica><host>127.0.0.1</host><port>${port}</port>
       <user>certglass</user><password>secret</password></replica></shard>`,
  );
  const cluster = `<remote_servers><main>${shards.join('')}</main></remote_servers>`;
  const servers = await Promise.all(
    ports.map((port, index) =>
      startServer(join(folder, `shard${index}`), { more: `<tcp_port>${port}</tcp_port>${cluster}` }),
    ),
  );
  const front = createServer((request, response) => {
    void answer(servers, request).then(async (answered) => {
      response.writeHead(answered.status, passed(answered.headers));
      response.end(Buffer.from(await answered.arrayBuffer()));
    });
  }).listen(0, '127.0.0.1');
  await once(front, 'listening');
  return {
    url: `http://127.0.0.1:${(front.address() as AddressInfo).port}`,
    servers,
    close: async () => {
      front.close();
      front.closeAllConnections();
      await Promise.all(servers.map((server) => server.kill()));
    },
  };
}

async function answer(servers: readonly RealServer[], request: IncomingMessage): Promise<Response> {
  const [body, path] = [Buffer.concat(await request.toArray()), String(request.url)];
  const sql = body.toString('utf8');
  const isForAll = /^\s*(CREATE|ALTER|DROP|GRANT)\b/.test(sql) && sql.includes('ON CLUSTER main');
  const plain = sql
    .replace('ON CLUSTER main', '')
    .replace(/Replicated(\w*MergeTree)\('[^']*', '[^']*'(?:, )?/, '$1(')
    .replaceAll('replicated_deduplication_window', 'non_replicated_deduplication_window');
  const answers: Response[] = [];
  for (const server of isForAll ? servers : servers.slice(0, 1)) {
    const answered = await fetch(`${server.url}${path}`, {
      method: String(request.method),
      headers: passed(new Headers(request.headers as Record<string, string>)),
      ...(body.length === 0 ? {} : { body: isForAll ? plain : body }),
    });
    if (!answered.ok) return answered;
    answers.push(answered);
  }
  const [first] = answers;
  if (first === undefined) throw new Error('there is no server');
  return first;
}

/** Headers without those that are about one connection. */
function passed(headers: Headers): Record<string, string> {
  const own =
    /^(connection|keep-alive|transfer-encoding|content-length|content-encoding|accept-encoding|host)$/;
  return Object.fromEntries([...headers].filter(([name]) => !own.test(name)));
}
