import { createHash } from 'node:crypto';
import type { RootData, TrustData } from '../trust/roots.js';
import { readPathCertificate } from '../x509/path/certificate.js';

/**
 * Reads NSS's certdata.txt, in which Mozilla publishes its root programme: a list of PKCS #11 objects, one `CKA_NAME TYPE value`
 * a line, octets in octal up to END. A root is two objects: the certificate with its dates of distrust, and its trust bits,
 * which name the certificate by issuer and serial number.
 */

type Attribute = string | Buffer;
type NssObject = ReadonlyMap<string, Attribute>;

/**
 * The roots trusted for servers or e-mail, in order of label, then of hash. Throws, naming the object, when the text says anything
 * that is not understood: a root must not be trusted further than the programme does.
 */
export function readCertdata(text: string): readonly RootData[] {
  const objects = readObjects(text);
  const trusts = new Map<string, NssObject>();
  for (const object of objects)
    if (object.get('CKA_CLASS') === 'CKO_NSS_TRUST') trusts.set(identity(object), object);
  return objects
    .filter((object) => object.get('CKA_CLASS') === 'CKO_CERTIFICATE')
    .map((certificate) => toRoot(certificate, trusts.get(identity(certificate))))
    .filter(({ server, email }) => server.trusted || email.trusted)
    .sort(byLabel);
}

/** Order of the data file: by label as code units compare, then by hash. */
export function byLabel(a: RootData, b: RootData): number {
  if (a.label !== b.label) return a.label < b.label ? -1 : 1;
  return a.sha256 < b.sha256 ? -1 : 1;
}

/** An object ends where the next one names its class. */
function readObjects(text: string): readonly NssObject[] {
  const lines = text.split(/\r?\n/);
  const start = lines.indexOf('BEGINDATA');
  if (start < 0) throw new Error('This is no certdata.txt: it has no line BEGINDATA.');
  const objects: Map<string, Attribute>[] = [];
  for (let at = start + 1; at < lines.length; at += 1) {
    const line = (lines[at] ?? '').trim();
    if (line === '' || line.startsWith('#')) continue;
    const [, name = '', type = '', value = ''] = /^(CKA_\w+) +(\w+) ?(.*)$/.exec(line) ?? [];
    if (name === '') throw new Error(`Line ${at + 1} of certdata.txt is not an attribute.`);
    if (name === 'CKA_CLASS') objects.push(new Map());
    const object = objects.at(-1);
    if (object === undefined) throw new Error(`Line ${at + 1} of certdata.txt belongs to no object.`);
    if (type !== 'MULTILINE_OCTAL') {
      object.set(name, type === 'UTF8' ? value.replace(/^"(.*)"$/, '$1') : value);
      continue;
    }
    const end = lines.indexOf('END', at);
    if (end < 0) throw new Error(`The octets at line ${at + 1} of certdata.txt have no END.`);
    object.set(name, octets(lines.slice(at + 1, end).join(''), at + 1));
    at = end;
  }
  return objects;
}

function octets(text: string, line: number): Buffer {
  if (!/^(\\[0-3][0-7]{2})*$/.test(text)) throw new Error(`The octets at line ${line} are not octal.`);
  return Buffer.from((text.match(/[0-7]{3}/g) ?? []).map((digits) => Number.parseInt(digits, 8)));
}

function identity(object: NssObject): string {
  return [octetsOf(object, 'CKA_ISSUER'), octetsOf(object, 'CKA_SERIAL_NUMBER')]
    .map((bytes) => bytes.toString('hex'))
    .join(':');
}

function octetsOf(object: NssObject, name: string): Buffer {
  const value = object.get(name);
  if (Buffer.isBuffer(value)) return value;
  throw new Error(`The object "${labelOf(object)}" has no octets ${name}.`);
}

function labelOf(object: NssObject): string {
  const label = object.get('CKA_LABEL');
  return typeof label === 'string' ? label : '';
}

function toRoot(certificate: NssObject, trust: NssObject | undefined): RootData {
  const label = labelOf(certificate);
  if (trust === undefined) throw new Error(`The certificate "${label}" has no trust object.`);
  const der = octetsOf(certificate, 'CKA_VALUE');
  const sha1 = createHash('sha1').update(der).digest();
  if (!sha1.equals(octetsOf(trust, 'CKA_CERT_SHA1_HASH')))
    throw new Error(`The trust object of "${label}" is for another certificate.`);
  return {
    label,
    sha256: createHash('sha256').update(der).digest('hex'),
    server: trustOf(certificate, trust, 'SERVER', 'CKA_TRUST_SERVER_AUTH'),
    email: trustOf(certificate, trust, 'EMAIL', 'CKA_TRUST_EMAIL_PROTECTION'),
    subjectKey: readPathCertificate(der).subject.key,
    der: der.toString('base64'),
  };
}

const levels: ReadonlyMap<unknown, boolean> = new Map([
  ['CKT_NSS_TRUSTED_DELEGATOR', true],
  ['CKT_NSS_MUST_VERIFY_TRUST', false],
  ['CKT_NSS_NOT_TRUSTED', false],
]);

function trustOf(
  certificate: NssObject,
  trust: NssObject,
  purpose: 'SERVER' | 'EMAIL',
  bit: string,
): TrustData {
  const trusted = levels.get(trust.get(bit));
  if (trusted === undefined)
    throw new Error(`${bit} of "${labelOf(trust)}" is unknown: ${String(trust.get(bit))}.`);
  const date = certificate.get(`CKA_NSS_${purpose}_DISTRUST_AFTER`) ?? 'CK_FALSE';
  return { trusted, distrustAfter: date === 'CK_FALSE' ? null : instant(date, labelOf(certificate)) };
}

/** The dates are written as UTCTime without its frame: YYMMDDHHMMSSZ. */
function instant(date: Attribute, label: string): string {
  const [, year, month, day, hours, minutes, seconds] =
    /^(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/.exec(date.toString()) ?? [];
  const iso = `20${year}-${month}-${day}T${hours}:${minutes}:${seconds}.000Z`;
  const value = new Date(iso);
  if (Number.isNaN(value.getTime()) || value.toISOString() !== iso)
    throw new Error(`The date of distrust of "${label}" is no date.`);
  return iso;
}
