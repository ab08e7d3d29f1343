import type { PathCertificate } from '../path/certificate.js';
import type { PathCrl } from './crl.js';
import { allReasons, directoryPoint, pointKeys, type DistributionPoint } from './distribution-point.js';

/** Where a CRL is looked for when a certificate does not say: with its issuer, under its issuer's name. */
const issuersOwn: DistributionPoint = { name: null, reasons: allReasons, crlIssuers: [] };

/**
 * The reasons, bits by position, for which the certificate would stand in the CRL if it were revoked; 0 when the CRL says nothing
 * of it, since it is another CA's or of another scope (RFC 5280 section 6.3.3 (b) and (d)).
 */
export function reasonsCovered(crl: PathCrl, certificate: PathCertificate): number {
  const { extensions } = certificate;
  const { scope } = crl;
  const isCa = extensions.basicConstraints?.value.isCa === true;
  if (scope?.onlyAttributes === true || (isCa ? scope?.onlyUsers : scope?.onlyCas) === true) return 0;
  const points = [...(extensions.crlDistributionPoints?.value ?? []), issuersOwn];
  const fitting = points.filter((point) => isPublishedAt(crl, point, certificate.issuer.key));
  return fitting.reduce((mask, { reasons }) => mask | (reasons & (scope?.reasons ?? allReasons)), 0);
}

function isPublishedAt(
  { issuer, scope }: PathCrl,
  { name, crlIssuers }: DistributionPoint,
  certificateIssuer: string,
): boolean {
  const isIssuer =
    crlIssuers.length === 0
      ? issuer.key === certificateIssuer
      : crlIssuers.includes(issuer.key) && scope?.isIndirect === true;
  const published = scope?.point ?? null;
  if (!isIssuer || published === null) return isIssuer;
  const wanted = name === null ? [directoryPoint(issuer.key)] : pointKeys(name, issuer.key);
  return pointKeys(published, issuer.key).some((key) => wanted.includes(key));
}
