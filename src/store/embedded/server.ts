import { createHash, randomUUID, timingSafeEqual } from 'node:crypto';
import { open, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createBrotliDecompress, createGunzip, createGzip } from 'node:zlib';
import { compressedBlocks } from './compressed.js';
import { describeError } from './errors.js';
import type { Engine, EngineOptions, EngineRequest } from './engine.js';
import { helloBlock, isHello } from './grafana.js';
import { StatementError } from './statement.js';

/** URL parameters that are not settings. */
const reserved = new Set([
  'query',
  'database',
  'query_id',
  'default_format',
  'wait_end_of_query',
  'enable_http_compression',
  'http_zlib_compression_level',
  'client_protocol_version',
  'quota_key',
  'buffer_size',
  'log_comment',
  'session_timezone',
  'compress',
  // Nothing outlives a request here, so a session has nothing to keep.
  'session_id',
  'session_check',
  'session_timeout',
]);
const refused = new Set(['role', 'decompress']);

/** Serves the part of ClickHouse's HTTP protocol that `protocol.md` lists. Not yet listening. */
export function createEngineServer(engine: Engine, options: EngineOptions): Server {
  const server = createServer({ keepAliveTimeout: 60_000, requestTimeout: 600_000 }, (request, response) => {
    answer(engine, options, request, response).catch((error: unknown) => fail(response, error));
  });
  server.maxHeadersCount = 100;
  return server;
}

async function answer(
  engine: Engine,
  options: EngineOptions,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://engine');
  if (url.pathname === '/ping') {
    response.end('Ok.\n');
    return;
  }
  const user = authenticate(request, options);
  const abort = new AbortController();
  response.on('close', () => {
    if (!response.writableFinished)
      abort.abort(new StatementError(394, 'QUERY_WAS_CANCELLED', 'Client went away'));
  });
  const query = await readRequest(request, url, options, user, abort.signal);
  if (isHello(query.sql, query.clientProtocolVersion)) {
    await send(response, helloBlock(engine.version), null);
    return;
  }
  const result = await engine.run(query).finally(() => removeUpload(query.upload));
  response.setHeader('X-ClickHouse-Query-Id', url.searchParams.get('query_id') ?? randomUUID());
  response.setHeader('X-ClickHouse-Format', result.format);
  response.setHeader('X-ClickHouse-Timezone', 'UTC');
  response.setHeader('X-ClickHouse-Server-Display-Name', 'certglass');
  if (query.upload === null)
    response.setHeader('X-ClickHouse-Summary', JSON.stringify({ read_rows: String(result.readRows) }));
  await send(response, result.body, packingOf(request, url));
}

/** How an answer is packed: ClickHouse's own blocks, gzip, or as it is. */
type Packing = 'blocks' | 'gzip' | null;

async function send(
  response: ServerResponse,
  body: Uint8Array | AsyncIterable<Uint8Array>,
  packing: Packing,
): Promise<void> {
  response.setHeader('Content-Type', 'text/plain; charset=UTF-8');
  if (packing === 'gzip') response.setHeader('Content-Encoding', 'gzip');
  if (body instanceof Uint8Array && packing === null) {
    response.setHeader('Content-Length', body.length);
    response.end(body);
    return;
  }
  const pieces = body instanceof Uint8Array ? [body] : await startOf(body);
  const source = Readable.from(packing === 'blocks' ? compressedBlocks(pieces) : pieces, {
    objectMode: false,
  });
  if (packing === 'gzip') await pipeline(source, createGzip({ level: 1 }), response);
  else await pipeline(source, response);
}

/** Waits for the first piece, so that a query that fails at once is still answered with its error. */
async function startOf(body: AsyncIterable<Uint8Array>): Promise<AsyncIterable<Uint8Array>> {
  const iterator = body[Symbol.asyncIterator]();
  const first = await iterator.next();
  return (async function* () {
    if (first.done !== true) yield first.value;
    yield* { [Symbol.asyncIterator]: () => iterator };
  })();
}

function packingOf(request: IncomingMessage, url: URL): Packing {
  if (url.searchParams.get('compress') === '1') return 'blocks';
  const isAsked = url.searchParams.get('enable_http_compression') === '1';
  return isAsked && /\bgzip\b/.test(String(request.headers['accept-encoding'] ?? '')) ? 'gzip' : null;
}

async function readRequest(
  request: IncomingMessage,
  url: URL,
  options: EngineOptions,
  user: EngineRequest['user'],
  signal: AbortSignal,
): Promise<EngineRequest> {
  const fields = new Map(url.searchParams);
  const asked = request.headers['x-clickhouse-format'];
  if (typeof asked === 'string' && !fields.has('default_format')) fields.set('default_format', asked);
  const inUrl = fields.get('query');
  if (inUrl !== undefined && /^\s*insert\b/i.test(inUrl)) {
    const upload = await saveBody(request, options);
    return { ...requestOf(fields, options), user, sql: inUrl, upload, signal };
  }
  const body = await readBody(request, options.maxStatementBytes);
  const type = request.headers['content-type'] ?? '';
  if (!type.startsWith('multipart/form-data'))
    return {
      ...requestOf(fields, options),
      user,
      sql: `${inUrl ?? ''}${body.toString('utf8')}`,
      upload: null,
      signal,
    };
  const form = await new Response(body, { headers: { 'content-type': type } }).formData();
  for (const [name, value] of form) fields.set(name, typeof value === 'string' ? value : await value.text());
  return { ...requestOf(fields, options), user, sql: fields.get('query') ?? '', upload: null, signal };
}

/** What the fields of a request say beside its statement. */
function requestOf(
  fields: ReadonlyMap<string, string>,
  options: EngineOptions,
): Pick<EngineRequest, 'parameters' | 'settings' | 'defaultFormat' | 'stream' | 'clientProtocolVersion'> {
  const parameters = new Map<string, string>();
  const settings = new Map<string, string>();
  for (const [name, value] of fields) sort(name, value, options, parameters, settings);
  return {
    parameters,
    settings,
    defaultFormat: formatName(fields.get('default_format') ?? 'TabSeparated'),
    stream: fields.get('wait_end_of_query') === '0',
    clientProtocolVersion: fields.get('client_protocol_version'),
  };
}

function sort(
  name: string,
  value: string,
  options: EngineOptions,
  parameters: Map<string, string>,
  settings: Map<string, string>,
): void {
  if (name.startsWith('param_')) parameters.set(name.slice('param_'.length), value);
  else if (name === 'database' && value !== options.database && value !== 'default')
    throw new StatementError(81, 'UNKNOWN_DATABASE', `Database ${value} does not exist`);
  else if (refused.has(name))
    throw new StatementError(48, 'NOT_IMPLEMENTED', `${name} is not supported by the embedded engine`);
  else if (!reserved.has(name)) {
    if (!/^[a-z][a-z0-9_]*$/.test(name))
      throw new StatementError(115, 'UNKNOWN_SETTING', `Unknown setting ${JSON.stringify(name)}`);
    settings.set(name, value);
  }
}

function formatName(text: string): string {
  if (!/^[A-Za-z0-9]+$/.test(text)) throw new StatementError(73, 'UNKNOWN_FORMAT', 'Unknown format');
  return text;
}

/** The body of a request, decompressed, piece by piece; more than `maxBytes` is refused. */
async function* decoded(request: IncomingMessage, maxBytes: number): AsyncGenerator<Buffer> {
  const encoding = request.headers['content-encoding'] ?? 'identity';
  const decoder = encoding === 'gzip' ? createGunzip() : encoding === 'br' ? createBrotliDecompress() : null;
  if (decoder === null && encoding !== 'identity')
    throw new StatementError(48, 'NOT_IMPLEMENTED', `Content-Encoding ${encoding} is not supported`);
  // A failure of the pipeline destroys the decoder with its error, which the loop below then throws.
  if (decoder !== null) pipeline(request, decoder).catch(() => undefined);
  let bytes = 0;
  for await (const piece of (decoder ?? request) as AsyncIterable<Buffer>) {
    bytes += piece.length;
    if (bytes > maxBytes)
      throw new StatementError(307, 'TOO_MANY_BYTES', `The request has more than ${maxBytes} bytes`);
    yield piece;
  }
}

async function readBody(request: IncomingMessage, maxBytes: number): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const piece of decoded(request, maxBytes)) pieces.push(piece);
  return Buffer.concat(pieces);
}

/** Writes the rows of an insert to a file of their own. */
async function saveBody(
  request: IncomingMessage,
  options: EngineOptions,
): Promise<{ path: string; bytes: number }> {
  const path = join(options.uploadDir, randomUUID());
  const file = await open(path, 'wx', 0o600);
  let bytes = 0;
  try {
    for await (const piece of decoded(request, options.maxUploadBytes)) {
      // A write may take only a part where the disk is nearly full; this goes on until all is written, or fails.
      await file.writeFile(piece);
      bytes += piece.length;
    }
  } catch (error) {
    await removeUpload({ path });
    throw error;
  } finally {
    await file.close();
  }
  return { path, bytes };
}

async function removeUpload(upload: { readonly path: string } | null): Promise<void> {
  if (upload !== null) await rm(upload.path, { force: true });
}

function authenticate(request: IncomingMessage, options: EngineOptions): EngineRequest['user'] {
  const [user, password] = credentials(request);
  if (user === 'certglass' && same(password, options.writerPassword)) return 'writer';
  if (user === 'reader' && options.readerPassword !== '' && same(password, options.readerPassword))
    return 'reader';
  throw new StatementError(
    516,
    'AUTHENTICATION_FAILED',
    `${user}: Authentication failed: password is incorrect, or there is no user with such name`,
  );
}

function credentials(request: IncomingMessage): [string, string] {
  const name = request.headers['x-clickhouse-user'];
  if (typeof name === 'string') return [name, String(request.headers['x-clickhouse-key'] ?? '')];
  const [scheme, encoded] = (request.headers.authorization ?? '').split(' ');
  if (scheme?.toLowerCase() !== 'basic' || encoded === undefined) return ['default', ''];
  const text = Buffer.from(encoded, 'base64').toString('utf8');
  const colon = text.indexOf(':');
  return colon === -1 ? [text, ''] : [text.slice(0, colon), text.slice(colon + 1)];
}

function same(left: string, right: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(left), digest(right));
}

function fail(response: ServerResponse, error: unknown): void {
  const { status, code, text } = describeError(error);
  if (response.headersSent || response.destroyed) {
    response.destroy();
    return;
  }
  for (const name of response.getHeaderNames()) response.removeHeader(name);
  response.statusCode = status;
  response.setHeader('X-ClickHouse-Exception-Code', code);
  response.setHeader('Content-Type', 'text/plain; charset=UTF-8');
  // A request whose body was not read to its end cannot be followed by another one.
  if (!response.req.complete) response.setHeader('Connection', 'close');
  response.end(`${text}\n`);
}
