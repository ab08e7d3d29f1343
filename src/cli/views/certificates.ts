import { severityColour } from '../look.js';
import { dayText, namesText, whenText } from '../render-text.js';
import { toDate, type View } from './view.js';

/** One issuance as the service lists it: a certificate and its precertificate are one, wherever it is served. */
export interface CertificateRow {
  readonly sha256: string;
  readonly subject: string;
  readonly issuer: string;
  readonly serialNumber: string;
  readonly notBefore: string | null;
  readonly notAfter: string | null;
  readonly dnsNames: readonly string[];
  readonly ipAddresses: readonly string[];
  readonly servedCount?: number;
  readonly logged?: boolean;
  readonly owner?: string | null;
  readonly worstFinding?: { readonly rule: string; readonly severity: string } | null;
}

/** `certglass certificates`. */
export const certificates: View<CertificateRow> = {
  path: 'certificates',
  query: { group: 'issuance' },
  usually: { expired: 'false' },
  usual: ['expires', 'when', 'names', 'served', 'issuer', 'worst', 'sha256'],
  sort: 'expires',
  empty: 'No certificates.',
  columns: (now) => [
    {
      key: 'expires',
      title: 'EXPIRES',
      text: ({ notAfter }) => dayText(toDate(notAfter)),
      value: ({ notAfter }) => notAfter,
      minWidth: 10,
    },
    { key: 'when', title: 'WHEN', text: ({ notAfter }) => whenText(toDate(notAfter), now), minWidth: 11 },
    {
      key: 'names',
      title: 'NAMES',
      text: ({ dnsNames, ipAddresses, subject }) => namesText([...dnsNames, ...ipAddresses]) || subject,
      minWidth: 16,
    },
    {
      key: 'served',
      title: 'SERVED',
      text: ({ servedCount = 0 }) => (servedCount === 0 ? 'no' : `${servedCount.toLocaleString('en')}×`),
      value: ({ servedCount = 0 }) => servedCount,
      minWidth: 6,
    },
    {
      key: 'logged',
      title: 'IN CT',
      text: ({ logged }) => (logged === true ? 'yes' : 'no'),
      minWidth: 5,
      optional: true,
    },
    { key: 'issuer', title: 'ISSUER', text: ({ issuer }) => issuer, minWidth: 12, optional: true },
    {
      key: 'worst',
      title: 'WORST FINDING',
      text: ({ worstFinding }) => (worstFinding ? `${worstFinding.severity} ${worstFinding.rule}` : ''),
      colour: ({ worstFinding }) => (worstFinding ? severityColour(worstFinding.severity) : null),
      minWidth: 14,
      optional: true,
    },
    { key: 'owner', title: 'OWNER', text: ({ owner }) => owner ?? '', optional: true },
    { key: 'subject', title: 'SUBJECT', text: ({ subject }) => subject, minWidth: 16, optional: true },
    {
      key: 'serialNumber',
      title: 'SERIAL NUMBER',
      text: ({ serialNumber }) => serialNumber,
      minWidth: 16,
      optional: true,
    },
    { key: 'sha256', title: 'SHA256', text: ({ sha256 }) => sha256, minWidth: 16, optional: true },
  ],
};
