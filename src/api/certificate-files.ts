import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import type { CertificateDetail } from '../store/reader.js';
import { Problem } from './problem.js';
import { file, route, type ApiParts } from './routes.js';
import type { Api } from './server.js';
import { sha256 } from './shapes.js';
import { visibleCertificate } from './visible-certificate.js';

const params = z.strictObject({ sha256 });
const pemQuery = z.strictObject({
  chain: z.stringbool().default(false).describe('true: with what was served after it.'),
});
const tags = ['certificates'];

/** Certificates as files. */
export function certificateFileRoutes(app: Api, parts: ApiParts): void {
  app.get(
    '/api/v1/certificates/:sha256.pem',
    route({
      id: 'getCertificatePem',
      summary: 'The certificate as PEM, with its chain if asked for',
      access: 'reader',
      scoped: true,
      schema: {
        tags,
        params,
        querystring: pemQuery,
        response: { 200: file('PEM', 'application/x-pem-file') },
      },
    }),
    async (request, reply) => {
      const found = await visibleCertificate(parts, request, request.params.sha256);
      const chain = request.query.chain ? await chainOf(parts, found) : [];
      const name = `${found.sha256}${request.query.chain ? '-chain' : ''}.pem`;
      return download(reply, name, 'application/x-pem-file', [bytesOf(found), ...chain].map(toPem).join(''));
    },
  );
  app.get(
    '/api/v1/certificates/:sha256.der',
    route({
      id: 'getCertificateDer',
      summary: 'The exact bytes received',
      access: 'reader',
      scoped: true,
      schema: { tags, params, response: { 200: file('DER', 'application/pkix-cert', 'binary') } },
    }),
    async (request, reply) => {
      const found = await visibleCertificate(parts, request, request.params.sha256);
      return download(reply, `${found.sha256}.der`, 'application/pkix-cert', Buffer.from(bytesOf(found)));
    },
  );
  app.get(
    '/api/v1/certificates/:sha256.txt',
    route({
      id: 'getCertificateText',
      summary: 'The certificate as text, every extension included',
      access: 'reader',
      scoped: true,
      schema: { tags, params, response: { 200: file('Text', 'text/plain') } },
    }),
    async (request, reply) => {
      const found = await visibleCertificate(parts, request, request.params.sha256);
      const text = parts.insight.text(bytesOf(found));
      return download(reply, `${found.sha256}.txt`, 'text/plain; charset=utf-8', text);
    },
  );
}

function bytesOf({ der }: CertificateDetail): Uint8Array {
  if (der.length === 0) throw new Problem(404, 'only the names of this certificate were kept, not its bytes');
  return der;
}

/** What an endpoint serves after it now, or a log had with it. */
async function chainOf(
  { reader, insight }: ApiParts,
  found: CertificateDetail,
): Promise<readonly Uint8Array[]> {
  const served = found.servedNow[0]?.chain.slice(1) ?? [];
  const hashes = served.length > 0 ? served : await reader.loggedChain([found.sha256]);
  const bytes = await insight.bytes(hashes);
  return hashes.flatMap((hash) => bytes.get(hash) ?? []);
}

function download(reply: FastifyReply, name: string, type: string, body: string | Buffer): FastifyReply {
  return reply.header('content-disposition', `attachment; filename="${name}"`).type(type).send(body);
}

function toPem(der: Uint8Array): string {
  const lines =
    Buffer.from(der)
      .toString('base64')
      .match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
}
