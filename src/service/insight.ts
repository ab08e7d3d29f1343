import type { Examination, ExaminedCertificate, Insight } from '../api/insight.js';
import { printable } from '../lib/printable.js';
import type { Certificate } from '../model/certificate.js';
import type { Policy } from '../model/policy.js';
import type { Validation } from '../model/validation.js';
import { ask } from '../rules/judge.js';
import { rules } from '../rules/index.js';
import type { CheckInput } from '../rules/rule.js';
import type { Store } from '../store/store.js';
import { parseFull } from '../x509/describe/full-parse.js';
import type { RootStore } from '../x509/path/root-store.js';
import { validatePath } from '../x509/path/validate.js';
import { readCertificate } from '../x509/read/read-certificate.js';
import { ctPolicies, judgeCtPolicy } from '../x509/sct/ct-policy.js';
import { createSctChecker, type CtLog } from '../x509/sct/sct-report.js';
import { embeddedSctList, readSctList } from '../x509/sct/sct.js';

/** What reading and judging one certificate takes. */
export interface InsightParts {
  readonly store: Pick<Store, 'certificates'>;
  readonly policy: Policy;
  /** The root stores to judge by, the configured ones first. */
  readonly rootStores: () => Promise<readonly RootStore[]>;
  /** The logs that are known by their keys. */
  readonly logs: () => Promise<readonly CtLog[]>;
}

/** See {@link Insight}. */
export function createInsight(parts: InsightParts): Insight {
  return {
    sctLogIds(der) {
      const list = embeddedSctList(readCertificate(der));
      return list === null ? [] : readSctList(list).scts.map(({ logId }) => logId);
    },
    examine: (certificate, now) => examine(parts, certificate, now),
    text: certificateText,
    bytes: (sha256) => parts.store.certificates(sha256),
  };
}

async function examine(
  { store, policy, rootStores, logs }: InsightParts,
  { der, served, logged, host }: ExaminedCertificate,
  now: Date,
): Promise<Examination> {
  const certificate = readCertificate(der);
  const bytes = await store.certificates([...new Set([...served, ...logged])]);
  const chain = [...bytes.values()].map((one) => readCertificate(one));
  const stores = await rootStores();
  const validations = stores.map((rootStore) => validate(certificate, chain, rootStore, now));
  const best = validations.find(({ verdict }) => verdict === 'valid') ?? validations[0] ?? null;
  const full = parseFull(der);
  return {
    extensions: typeof full === 'string' ? [] : full.extensions,
    unreadable: typeof full === 'string' ? full : null,
    chain: shownChain(certificate, best, { served, logged, chain }),
    trust: validations.map(({ rootStore, verdict, grade, path, errors, warnings }) => ({
      store: rootStore,
      verdict,
      grade,
      path,
      errors,
      warnings,
    })),
    transparency: transparencyOf(certificate, chain, await logs(), now),
    verdicts: verdictsOf({ certificate, chain, host, validation: best, policy, now }),
  };
}

function validate(
  certificate: Certificate,
  chain: readonly Certificate[],
  rootStore: RootStore,
  at: Date,
): Validation {
  return validatePath({
    certificate: certificate.der,
    intermediates: chain.map(({ der }) => der),
    rootStore,
    at,
    purpose: certificate.isCa ? 'ca' : 'server',
    host: null,
    profile: 'rfc5280',
  });
}

interface Around extends Pick<ExaminedCertificate, 'served' | 'logged'> {
  readonly chain: readonly Certificate[];
}

function shownChain(
  leaf: Certificate,
  best: Validation | null,
  { served, logged, chain }: Around,
): Examination['chain'] {
  const known = new Map([leaf, ...chain].map((one) => [one.sha256, one]));
  const links = new Map(best?.links.map((link) => [link.sha256, link]) ?? []);
  const path = best === null || best.path.length === 0 ? [leaf.sha256, ...served] : best.path;
  return path.map((sha256) => {
    const one = known.get(sha256) ?? links.get(sha256);
    const isServed = sha256 === leaf.sha256 || served.includes(sha256);
    const isAnchor = links.get(sha256)?.role === 'anchor';
    const from = isServed ? 'served' : logged.includes(sha256) ? 'logged' : isAnchor ? 'root-store' : 'known';
    return { sha256, subject: one?.subject ?? '', from, notAfter: one?.notAfter ?? null };
  });
}

function transparencyOf(
  certificate: Certificate,
  chain: readonly Certificate[],
  logs: readonly CtLog[],
  now: Date,
): Examination['transparency'] {
  if (certificate.isCa || certificate.isPrecertificate) return null;
  const issuer = chain.find(({ subjectSha256 }) => subjectSha256 === certificate.issuerSha256) ?? null;
  const { scts, problems } = createSctChecker(logs)({
    certificate,
    issuer,
    tlsList: null,
    ocspList: null,
    now,
  });
  return {
    scts: scts.map(({ sct, log, verdict }) => ({
      logId: sct.logId,
      log: log?.description ?? null,
      operator: log?.operator ?? null,
      timestamp: Math.abs(sct.timestampMs) <= 8.64e15 ? new Date(sct.timestampMs) : null,
      verdict: logs.length === 0 ? 'unverified' : verdict,
    })),
    problems,
    policies:
      logs.length === 0
        ? []
        : ctPolicies.map((policy) => {
            const { isCompliant, requiredScts, countedScts, reasons } = judgeCtPolicy(
              certificate,
              scts,
              policy,
              now,
            );
            return { policy: policy.name, compliant: isCompliant, requiredScts, countedScts, reasons };
          }),
  };
}

function verdictsOf(
  given: Pick<CheckInput, 'certificate' | 'chain' | 'host' | 'validation' | 'policy' | 'now'>,
): Examination['verdicts'] {
  const input: CheckInput = { ...given, source: 'file', observation: null, inventory: null };
  return rules.flatMap((rule): Examination['verdicts'] => {
    if (rule.kind !== 'certificate') return [];
    const { id, title, severity } = rule;
    const setting = given.policy.rules[id];
    if (setting?.enabled === false)
      return [{ rule: id, title, answer: 'off' as const, severity: null, details: {} }];
    const answer = ask(rule, input);
    if (typeof answer === 'string') return [{ rule: id, title, answer, severity: null, details: {} }];
    const weight = setting?.severity ?? answer.severity ?? severity;
    return [{ rule: id, title, answer: 'found' as const, severity: weight, details: { ...answer.details } }];
  });
}

/** Every value is hostile: control characters are shown escaped. */
function certificateText(der: Uint8Array): string {
  const certificate = readCertificate(der);
  const full = parseFull(der);
  const lines: readonly (readonly [string, string])[] = [
    ['Subject', certificate.subject],
    ['Issuer', certificate.issuer],
    ['Serial number', certificate.serialNumber],
    ['Not before', certificate.notBefore?.toISOString() ?? 'unreadable'],
    ['Not after', certificate.notAfter?.toISOString() ?? 'unreadable'],
    ['Names', certificate.names.join(', ')],
    [
      'Key',
      certificate.key === null
        ? 'unreadable'
        : [certificate.key.type, certificate.key.curve ?? certificate.key.bits].join(' '),
    ],
    ['Signature algorithm', certificate.signatureAlgorithm ?? 'unreadable'],
    ['SHA-256', certificate.sha256],
    ['SHA-1', certificate.sha1],
    ['SHA-256 of the public key', certificate.spkiSha256 ?? 'unreadable'],
  ];
  const head = lines.map(([label, value]) => `${label}: ${printable(value, 100_000)}`);
  if (typeof full === 'string') return `${[...head, `Extensions: ${printable(full)}`].join('\n')}\n`;
  const extensions = full.extensions.flatMap(({ oid, critical, value, text }) => [
    `Extension ${oid}${critical ? ', critical' : ''}`,
    ...(text ?? value).split('\n').map((line) => `    ${printable(line, 100_000)}`),
  ]);
  return `${[...head, ...extensions].join('\n')}\n`;
}
