import type { HttpClient, HttpOptions } from './http.js';
import { Connection, type ConnectionPool } from './http-connection.js';
import { Exchange } from './http-exchange.js';

/** Makes a client over its own connections, as many as there are requests at a time. */
export function createHttpClient({ userAgent, connectMs, requestMs }: HttpOptions): HttpClient {
  const open = new Set<Connection>();
  const idle: Connection[] = [];
  const pool: ConnectionPool = {
    idle: (connection) => idle.push(connection),
    closed(connection) {
      open.delete(connection);
      if (idle.includes(connection)) idle.splice(idle.indexOf(connection), 1);
    },
  };

  function connectionTo(url: URL, fresh: boolean): Connection {
    // The one used last is the most likely to be open still.
    const at = fresh ? -1 : idle.findLastIndex(({ origin, isOpen }) => isOpen && origin === url.origin);
    const [known] = at < 0 ? [] : idle.splice(at, 1);
    const connection = known ?? new Connection(url, connectMs, pool);
    open.add(connection);
    return connection;
  }

  return {
    async get(request) {
      const url = new URL(request.url);
      const text = requestText(url, { 'user-agent': userAgent, ...request.headers });
      return new Exchange(request, { requestMs, text, connection: (fresh) => connectionTo(url, fresh) })
        .answer;
    },
    async close() {
      await Promise.all([...open].map((connection) => connection.end()));
    },
  };
}

/** A GET as it is sent; what would break out of its line does not. */
function requestText({ host, pathname, search }: URL, headers: Readonly<Record<string, string>>): string {
  const fields = { host, 'accept-encoding': 'gzip, identity', ...headers };
  const lines = Object.entries(fields).map(
    ([name, value]) => `${name}: ${value.replaceAll(/[^ -~]/g, '?')}\r\n`,
  );
  return `GET ${pathname}${search} HTTP/1.1\r\n${lines.join('')}\r\n`;
}
