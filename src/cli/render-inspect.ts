import type { Certificate } from '../model/certificate.js';
import type { InspectResult, OcspLine, TransparencyLine } from '../model/inspect-line.js';
import type { RevocationStatus } from '../model/network.js';
import type { Validation } from '../model/validation.js';
import { fitWidth } from '../lib/display-width.js';
import { printable } from '../lib/printable.js';
import { paint, type Look } from './look.js';
import { count, dayText, verdictLines, verdictTexts, whenText } from './render-text.js';

const maxNames = 10;

/** One certificate from disk as a block: the file, what the certificate says, its path, and what is wrong with it. */
export function renderInspect(result: InspectResult, look: Look, now: Date): string {
  const { file, certificate, validation, verdicts, transparency, ocsp, revocation } = result;
  const facts = certificate === null ? [] : certificateFacts(certificate, now);
  const path = validation === null ? [] : validationFacts(validation);
  const evidence = [
    ...transparencyFacts(transparency),
    ...ocspFacts(ocsp),
    ...revocationFacts(revocation),
    ...extensionFacts(result.extensions),
  ];
  const lines = [...facts, ...path, ...evidence].map(([label, value]) => factLine(label, value, look));
  const isWell = verdicts.length === 0 && validation?.grade !== 'invalid';
  const findings = isWell
    ? [paint('  no findings', 'green', look)]
    : verdictLines(verdictTexts(verdicts), look);
  const heading = look.width === null ? printable(file) : fitWidth(printable(file), look.width);
  return `${[paint(heading, 'bold', look), ...lines, ...findings].join('\n')}\n`;
}

function extensionFacts(extensions: InspectResult['extensions']): readonly Fact[] {
  if (extensions === undefined) return [];
  if (typeof extensions === 'string') return [['extensions', extensions]];
  return extensions.flatMap(({ oid, name, critical, lines }, at): readonly Fact[] => [
    [at === 0 ? 'extensions' : '', `${name ?? oid}${critical ? ' (critical)' : ''}`],
    ...lines.map((line) => ['', `  ${line}`] as const),
  ]);
}

type Fact = readonly [label: string, value: string];

function factLine(label: string, value: string, look: Look): string {
  const head = `  ${label.padEnd(11)}`;
  const text = printable(value, 1000);
  return paint(head, 'dim', look) + (look.width === null ? text : fitWidth(text, look.width - head.length));
}

/** Hex as other tools print it; a serial number is kept without the zero before its first digit. */
function wholeOctets(hex: string): string {
  return hex.length % 2 === 0 ? hex : `0${hex}`;
}

function certificateFacts(certificate: Certificate, now: Date): readonly Fact[] {
  const { subject, issuer, serialNumber, notBefore, notAfter, key, signatureAlgorithm } = certificate;
  const names = [...certificate.dnsNames, ...certificate.ipAddresses];
  const shown = names.slice(0, maxNames).join(', ');
  return [
    ['subject', subject],
    ['issuer', issuer],
    ['serial', wholeOctets(serialNumber)],
    ['not before', dateText(notBefore, now)],
    ['not after', dateText(notAfter, now)],
    [
      'names',
      names.length > maxNames
        ? `${shown} and ${count(names.length - maxNames, 'more name')}`
        : shown || 'none',
    ],
    ['key', key === null ? 'unknown' : [key.type, key.curve ?? bitsText(key.bits)].join(' ').trim()],
    ['signature', signatureAlgorithm ?? 'unknown'],
    ['sha256', certificate.sha256],
    ...(certificate.isCa ? [['kind', 'certificate authority'] as const] : []),
    ...(certificate.isPrecertificate ? [['kind', 'precertificate'] as const] : []),
  ];
}

function dateText(date: Date | null, now: Date): string {
  const when = whenText(date, now);
  return when === '' ? dayText(date) : `${dayText(date)}, ${when}`;
}

function bitsText(bits: number | null): string {
  return bits === null ? '' : `${bits} bits`;
}

function transparencyFacts(transparency: TransparencyLine | null): readonly Fact[] {
  if (transparency === null) return [];
  const { scts, problems, policies } = transparency;
  const valid = scts.filter(({ verdict }) => verdict === 'valid').length;
  return [
    ['scts', `${valid} of ${scts.length} valid`],
    ...scts.map(({ log, timestamp, verdict }) => {
      const at = timestamp?.slice(0, 10) ?? 'out of range';
      return ['', `${log ?? 'unknown log'}, ${at}: ${verdict}`] as const;
    }),
    ...problems.map((problem) => ['', problem] as const),
    ...policies.map(({ policy, compliant, reasons }) => {
      const verdict = compliant === null ? 'not known' : compliant ? 'satisfied' : 'not satisfied';
      return ['', [`${policy}'s policy ${verdict}`, ...reasons].join('; ')] as const;
    }),
  ];
}

function ocspFacts(ocsp: OcspLine | null): readonly Fact[] {
  if (ocsp === null) return [];
  const { status, reason, revokedAt, revocationReason, nextUpdate } = ocsp;
  const details = [
    reason,
    revokedAt && `since ${revokedAt.slice(0, 10)}`,
    revocationReason,
    nextUpdate && `until ${nextUpdate.slice(0, 10)}`,
  ].filter((detail) => detail !== null);
  return [['ocsp', [status, ...details].join(', ')]];
}

function revocationFacts(status: RevocationStatus | null): readonly Fact[] {
  if (status === null) return [];
  const { outcome, reason, revokedAt, method, source, nextUpdate, detail } = status;
  const details = [
    reason,
    revokedAt && `since ${revokedAt.toISOString().slice(0, 10)}`,
    source && `by ${method ?? ''} ${source}`,
    nextUpdate && `until ${nextUpdate.toISOString().slice(0, 10)}`,
    detail,
  ].filter((part) => part !== null);
  return [['revocation', [outcome, ...details].join(', ')]];
}

function validationFacts({ grade, errors, warnings, rootStore }: Validation): readonly Fact[] {
  const verdict = grade === 'faulty' ? 'valid with faults of form' : grade;
  return [
    ['path', `${verdict} against ${rootStore}`],
    ...errors.map(({ code, message }) => ['', `${code}: ${message}`] as const),
    ...warnings.map(({ code, message }) => ['', `tolerated: ${code}: ${message}`] as const),
  ];
}
