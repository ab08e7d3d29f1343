import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { FastifyRequest } from 'fastify';
import type { Api } from '../server.js';

type Coding = 'br' | 'gzip';

/** The first of `offered` that the client takes (RFC 9110 section 12.5.3); `identity` when it takes none. */
export function acceptedCoding<C extends Coding>(
  request: FastifyRequest,
  offered: readonly C[],
): C | 'identity' {
  const accepted = String(request.headers['accept-encoding'] ?? '')
    .split(',')
    .map((part) => part.trim().toLowerCase())
    .filter((part) => !/;\s*q=0(\.0*)?$/.test(part))
    .map((part) => part.replace(/;.*/, ''));
  return offered.find((coding) => accepted.includes(coding) || accepted.includes('*')) ?? 'identity';
}

const compress = promisify(gzip);
/** Below this a packet is saved at best. */
const worthBytes = 1_400;

/**
 * Marks what is read with an ETag, so that asking again for what did not change costs a few bytes, and compresses what is long.
 * Streams and what is compressed already are left alone.
 */
export function encodeAnswers(app: Api): void {
  app.addHook('onSend', async (request, reply, payload) => {
    if (typeof payload !== 'string') return payload;
    if (request.method === 'GET' && reply.statusCode === 200 && reply.getHeader('etag') === undefined) {
      const etag = `W/"${createHash('sha256').update(payload).digest('base64url').slice(0, 27)}"`;
      void reply.header('etag', etag);
      if (request.headers['if-none-match'] === etag) {
        void reply.code(304).removeHeader('content-type');
        return '';
      }
    }
    void reply.header('vary', 'accept-encoding, authorization, cookie');
    if (payload.length < worthBytes || acceptedCoding(request, ['gzip']) !== 'gzip') return payload;
    void reply.header('content-encoding', 'gzip').removeHeader('content-length');
    return compress(payload, { level: 5 });
  });
}
