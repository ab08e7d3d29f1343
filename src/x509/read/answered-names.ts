import { perObject } from '../../lib/memoize.js';
import { isUnreadable, type Certificate } from '../../model/certificate.js';
import { normalizeName, wholeNames } from './names.js';

/**
 * The names clients may take the certificate for: those of its subjectAltName and the Common Names that are host names, normalised as
 * in `names`. Of one that cannot be read, all that were found in its bytes.
 */
export const answeredNames = perObject((certificate: Certificate): readonly string[] =>
  namesAmong(certificate, true),
);

/** Those of {@link answeredNames} that a server can be asked for: mailboxes and URIs do not count. */
export const serverNames = perObject((certificate: Certificate): readonly string[] =>
  namesAmong(certificate, false),
);

function namesAmong(certificate: Certificate, withOthers: boolean): readonly string[] {
  if (isUnreadable(certificate)) return certificate.names;
  const { dnsNames, ipAddresses, emailAddresses, uris, commonNames, names } = certificate;
  const answered = new Set([
    ...dnsNames.flatMap(normalizeName),
    ...ipAddresses,
    ...commonNames.flatMap(wholeNames),
    ...(withOthers ? emailAddresses : []).flatMap((mailbox) =>
      wholeNames(mailbox.slice(mailbox.lastIndexOf('@') + 1)),
    ),
    ...(withOthers ? uris : []).flatMap((uri) =>
      wholeNames(/^[a-z][a-z0-9+.-]*:\/\/(?:[^/?#@]*@)?([^/?#:]+)/i.exec(uri)?.[1] ?? ''),
    ),
  ]);
  return names.filter((name) => answered.has(name));
}
