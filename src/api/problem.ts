import { randomUUID } from 'node:crypto';
import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { BadCursorError } from '../store/reader.js';
import type { Api } from './server.js';
import type { AllowedMethods } from './web/methods.js';

/** RFC 9457 section 3, with one sentence per refused input. */
export const problemShape = z
  .object({
    type: z.string().describe('about:blank: the status says it all.'),
    title: z.string(),
    status: z.number().int(),
    detail: z.string(),
    /** Id of the request, as in the log. */
    instance: z.string(),
    errors: z.array(z.object({ in: z.string(), path: z.string(), message: z.string() })),
  })
  .meta({ id: 'Problem' });

type ProblemBody = z.infer<typeof problemShape>;

/** An answer that is no success: status, one sentence, further headers. The only error whose text a client sees. */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, detail: string, headers: Readonly<Record<string, string>> = {}) {
    super(detail);
    this.status = status;
    this.headers = headers;
  }
}

/** Codes of ClickHouse errors that mean "too much was asked": time, memory, rows, result rows. */
const tooExpensive = new Set(['158', '159', '241', '307', '396']);

/** The one place where errors become status codes. What is not foreseen is logged and answered 500 without a word of it. */
export function answerProblems(app: Api, allowedMethods: AllowedMethods): void {
  app.setErrorHandler((error, request, reply) => {
    const problem = problemOf(error);
    if (problem.status >= 500) request.log.error({ err: error, requestId: request.id }, 'request failed');
    return send(request, reply, problem, validationErrors(error));
  });
  app.setNotFoundHandler((request, reply) => {
    const [path = ''] = request.url.split('?');
    const allowed = allowedMethods(path);
    const problem =
      allowed.length === 0
        ? new Problem(404, 'no such resource; API documentation: /api/docs')
        : new Problem(405, `this resource takes ${allowed.join(', ')}`, { allow: allowed.join(', ') });
    return send(request, reply, problem, []);
  });
}

function problemOf(error: unknown): Problem {
  if (error instanceof Problem) return error;
  if (error instanceof BadCursorError) return new Problem(400, 'the cursor was not given out for this list');
  if (hasZodFastifySchemaValidationErrors(error))
    return new Problem(400, 'the request does not fit the schema');
  if (isAway(error))
    return new Problem(
      503,
      `the database does not answer (${codeOf(error) || 'no reason given'}); it is tried again`,
      {
        'retry-after': '10',
      },
    );
  if (tooExpensive.has(codeOf(error)))
    return new Problem(503, 'the query took too long or too much memory; narrow the filters', {
      'retry-after': '5',
    });
  const status = statusOf(error);
  // Fastify's own refusals (body too large, media type, JSON syntax) speak of the request alone.
  if (status >= 400 && status < 500 && error instanceof Error) return new Problem(status, error.message);
  return new Problem(500, 'something went wrong; the log has the request id given as instance');
}

/** True when the database could not be reached, or broke off. */
function isAway(error: unknown): boolean {
  const isEngine = error instanceof Error && error.name === 'EngineUnavailableError';
  return isEngine || connectionErrors.has(codeOf(error));
}

const connectionErrors = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENOTFOUND',
]);

function send(
  request: FastifyRequest,
  reply: FastifyReply,
  problem: Problem,
  errors: ProblemBody['errors'],
): FastifyReply {
  const body: ProblemBody = {
    type: 'about:blank',
    title: STATUS_CODES[problem.status] ?? 'Error',
    status: problem.status,
    detail: problem.message,
    instance: instanceOf(request.id),
    errors,
  };
  return reply
    .code(problem.status)
    .headers(problem.headers)
    .type('application/problem+json')
    .serializer((payload: unknown) => JSON.stringify(payload))
    .send(body);
}

/** Answers what the router refuses before any hook sees it: an address that cannot be read, or is too long. */
export function answerUnreadable(error: FastifyError, request: FastifyRequest, reply: FastifyReply): void {
  const status = error.code === 'FST_ERR_MAX_PARAM_LENGTH' ? 414 : 400;
  const detail =
    status === 414
      ? 'a part of the path is too long'
      : 'the address cannot be read; escape it (RFC 3986 section 2.1)';
  void reply.header('x-content-type-options', 'nosniff');
  send(request, reply, new Problem(status, detail), []);
}

const unreadable: Readonly<Record<string, readonly [status: number, detail: string]>> = {
  HPE_HEADER_OVERFLOW: [431, 'the header is too large'],
  ERR_HTTP_REQUEST_TIMEOUT: [408, 'the request took too long to arrive'],
};

/** Answers what is no HTTP, or too much of it, and ends the connection. */
export function refuseConnection(error: Error & { readonly code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || socket.destroyed || !socket.writable) return void socket.destroy();
  const [status, detail] = unreadable[error.code ?? ''] ?? [400, 'this is no HTTP request'];
  const body = JSON.stringify({
    type: 'about:blank',
    title: STATUS_CODES[status],
    status,
    detail,
    instance: instanceOf(randomUUID()),
    errors: [],
  });
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\ncontent-type: application/problem+json\r\ncontent-length: ${Buffer.byteLength(body)}\r\nx-content-type-options: nosniff\r\nconnection: close\r\n\r\n${body}`,
  );
}

/** What names a request in answers and in the log. */
function instanceOf(requestId: string): string {
  return `urn:certglass:request:${requestId}`;
}

function validationErrors(error: unknown): ProblemBody['errors'] {
  if (!hasZodFastifySchemaValidationErrors(error)) return [];
  const where = 'validationContext' in error ? String(error.validationContext) : 'request';
  return error.validation.map(({ instancePath, message }) => ({
    in: where,
    path: instancePath,
    message: message ?? '',
  }));
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}

function statusOf(error: unknown): number {
  return error instanceof Error && 'statusCode' in error ? Number(error.statusCode) : 500;
}
