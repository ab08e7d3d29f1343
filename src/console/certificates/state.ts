import { sent } from '../lib/url-state.js';

/** What the list of certificates keeps in its URL; names are those of the API. */
export const defaults = {
  q: '',
  served: '',
  expired: 'false',
  everServed: '',
  issuer: '',
  keyType: '',
  owner: '',
  spkiSha256: '',
  expiresAfter: '',
  expiresBefore: '',
  isCa: '',
  sort: 'notAfter',
  cursor: '',
};

/** The state of the list of certificates. */
export type CertificatesState = typeof defaults;

/** Path of the file with everything that the filters let through. */
export function exportPath({ cursor: _cursor, ...state }: CertificatesState): string {
  return `/api/v1/certificates?${new URLSearchParams({ ...sent(state), group: 'issuance', format: 'csv' }).toString()}`;
}
