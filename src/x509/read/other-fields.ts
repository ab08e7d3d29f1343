import { tags } from './der.js';
import { readName } from './distinguished-name.js';
import * as extensions from './extension-values.js';
import { isSameElement, type FastCertificate } from './fast.js';
import { contentStart, elementEnd, endOf, known, type KnownExtension } from './layout.js';
import { dottedOid, findOid, oidTable, signatureAlgorithmNames } from './oids.js';
import { Problems } from './problems.js';
import { pssHash } from './pss-hash.js';
import { repeated, type Read } from './repeated.js';

/** What is stored of a certificate beside what it is matched and known by; each as in the model's Certificate. */
export interface OtherFields {
  readonly issuer: string;
  readonly signatureAlgorithm: string | null;
  readonly isCa: boolean;
  readonly extendedKeyUsages: readonly string[] | null;
  readonly subjectKeyId: string | null;
  readonly authorityKeyId: string | null;
  readonly crlUrls: readonly string[];
  readonly access: extensions.AccessUrls;
  readonly sctCount: number | null;
}

/** Reads the rest of a certificate; what is irregular is added to its `problems` and `strayValues`. Never throws. */
export function readOtherFields(fast: FastCertificate): OtherFields {
  value(fast, known.keyUsage, extensions.checkKeyUsage);
  value(fast, known.certificatePolicies, extensions.checkPolicies);
  value(fast, known.nameConstraints, extensions.checkNameConstraints);
  return {
    issuer: readIssuer(fast),
    signatureAlgorithm: readSignatureAlgorithm(fast),
    isCa: value(fast, known.basicConstraints, extensions.readIsCa) ?? false,
    extendedKeyUsages: value(fast, known.extendedKeyUsage, extensions.readExtendedKeyUsages) ?? null,
    subjectKeyId: value(fast, known.subjectKeyId, extensions.readSubjectKeyId) ?? null,
    authorityKeyId: value(fast, known.authorityKeyId, extensions.readAuthorityKeyId) ?? null,
    crlUrls: value(fast, known.crlDistributionPoints, extensions.readCrlUrls) ?? [],
    access: value(fast, known.authorityInfoAccess, extensions.readAccessUrls) ?? noAccess,
    sctCount: value(fast, known.sctList, extensions.readSctCount) ?? null,
  };
}

/** RFC 4514 text; empty where there is none. */
function readIssuer({ bytes, layout: { issuer }, problems }: FastCertificate): string {
  if (issuer < 0) return '';
  const end = elementEnd(bytes, issuer);
  return flawlessName(bytes, issuer, end) ?? readName(bytes, issuer, end, problems).text;
}

const flawlessName = repeated((bytes, start, end) => {
  const problems = new Problems();
  const { text } = readName(bytes, start, end, problems);
  return problems.list.length === 0 ? text : undefined;
});

const noAccess: extensions.AccessUrls = { ocspUrls: [], caIssuerUrls: [] };

const algorithmNames = oidTable(signatureAlgorithmNames);

/** The outer algorithm's name (the inner's where there is no outer); the two must be the same (RFC 5280 section 4.1.1.2). */
function readSignatureAlgorithm({ bytes, layout, problems }: FastCertificate): string | null {
  const { innerAlgorithm, outerAlgorithm } = layout;
  if (outerAlgorithm >= 0 && !isSameElement(bytes, innerAlgorithm, outerAlgorithm))
    problems.note('signature-algorithm-mismatch', 'the two signature algorithms of the certificate differ');
  const at = outerAlgorithm >= 0 ? outerAlgorithm : innerAlgorithm;
  if (at < 0) return null;
  const oid = contentStart(bytes, at);
  const end = bytes[oid] === tags.oid ? endOf(bytes, oid, elementEnd(bytes, at)) : -1;
  if (end < 0) problems.note('bad-signature-algorithm', 'the signature algorithm has no object identifier');
  const from = contentStart(bytes, oid);
  if (end < 0) return null;
  const name = findOid(algorithmNames, bytes, from, end) ?? dottedOid(bytes, from, end);
  return name === 'rsassaPss' ? pssName(pssHash(bytes, end, elementEnd(bytes, at)), problems) : name;
}

/** With its hash, which decides how much the signature is worth. */
function pssName(hash: string | null, problems: Problems): string {
  if (hash === null) problems.note('bad-signature-algorithm', 'the parameters of RSASSA-PSS are malformed');
  return hash === null ? 'rsassaPss' : `rsassaPss-${hash}`;
}

/** Value of a known extension; undefined when it is absent, or malformed and noted. */
function value<Value>(
  fast: FastCertificate,
  extension: KnownExtension,
  read: Read<Value>,
): Value | undefined {
  const at = fast.layout.values[extension] ?? -1;
  if (at < 0) return undefined;
  const found = read(fast.bytes, contentStart(fast.bytes, at), elementEnd(fast.bytes, at));
  if (found === undefined) noteMalformed(fast, extension, at);
  return found;
}

function noteMalformed(
  { bytes, problems, strayValues }: FastCertificate,
  extension: number,
  at: number,
): void {
  strayValues.push(contentStart(bytes, at), elementEnd(bytes, at));
  const name = Object.keys(known)[extension] ?? '';
  problems.note('bad-extension', `the extension ${name} is malformed`);
}
