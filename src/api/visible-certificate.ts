import type { FastifyRequest } from 'fastify';
import type { CertificateDetail } from '../store/reader.js';
import { refuseInvisible } from './listing/scope.js';
import { Problem } from './problem.js';
import type { ApiParts } from './routes.js';

/** The certificate, unless there is none or the credential may not see it. */
export async function visibleCertificate(
  { reader }: ApiParts,
  request: FastifyRequest,
  hash: string,
): Promise<CertificateDetail> {
  const found = await reader.certificateDetail(hash);
  if (found === null) throw new Problem(404, 'there is no certificate with this SHA-256');
  refuseInvisible(request, found.names, 'certificate with this SHA-256');
  return found;
}
