import { HttpError, type HttpClient, type HttpOptions } from './http.js';
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
      const deadlineAt = performance.now() + requestMs;
      let url = new URL(request.url);
      for (let left = maxRedirects; ; left -= 1) {
        const to = url;
        const text = requestText(to, { 'user-agent': userAgent, ...request.headers });
        const leftMs = Math.max(1, Math.ceil(deadlineAt - performance.now()));
        const connection = (fresh: boolean): Connection => connectionTo(to, fresh);
        try {
          return await new Exchange(request, { requestMs: leftMs, text, connection }).answer;
        } catch (error) {
          const next = left > 0 ? withinOrigin(to, error) : null;
          if (next === null) throw error;
          url = next;
        }
      }
    },
    async close() {
      await Promise.all([...open].map((connection) => connection.end()));
    },
  };
}

/** Redirects of one request that are followed. */
const maxRedirects = 5;

/** Where a redirect leads that stays within its origin (RFC 9110 section 15.4); null for any other failure. */
function withinOrigin(from: URL, error: unknown): URL | null {
  if (!(error instanceof HttpError) || error.kind !== 'redirect') return null;
  if (error.location === '' || !URL.canParse(error.location, from.href)) return null;
  const url = new URL(error.location, from);
  return url.origin === from.origin ? url : null;
}

/** A GET as it is sent; what would break out of its line does not. */
function requestText({ host, pathname, search }: URL, headers: Readonly<Record<string, string>>): string {
  const fields = { host, 'accept-encoding': 'gzip, identity', ...headers };
  const lines = Object.entries(fields).map(
    ([name, value]) => `${name}: ${value.replaceAll(/[^ -~]/g, '?')}\r\n`,
  );
  return `GET ${pathname}${search} HTTP/1.1\r\n${lines.join('')}\r\n`;
}
