import { once } from 'node:events';
import type { Writable } from 'node:stream';
import { jsonLine } from '../lib/json-line.js';
import { printable } from '../lib/printable.js';
import { isUnreadable, type Certificate } from '../model/certificate.js';
import { inspectLine, type InspectResult } from '../model/inspect-line.js';
import type { Verdict } from '../model/observation.js';
import { atLeast } from '../model/severity.js';
import type { Validation } from '../model/validation.js';
import { openRootStore, readRootFile } from '../roots.js';
import { defaultPolicy } from '../rules/config.js';
import { judge } from '../rules/judge.js';
import { unreadableCertificate } from '../rules/unreadable-certificate.js';
import { readCertificate } from '../x509/read-certificate.js';
import type { RootStore } from '../x509/root-store.js';
import { validatePath, type Profile } from '../x509/path/validate.js';
import { collateralIn, crlsIn, inspectFiles, type InspectedFile } from './inspect-files.js';
import { lookOf } from './look.js';
import { renderInspect } from './render-inspect.js';

/** Options of `certglass inspect`, as the command line gives them. */
export interface InspectOptions {
  /** A file of trusted roots, or `mozilla`, `node` or `system`. Without it no path is validated. */
  readonly roots?: string;
  /** A file of further certificates; CRLs in it count too. */
  readonly intermediates?: string;
  readonly crls?: string;
  /** DNS name, address, or for clients a mailbox. */
  readonly host?: string;
  readonly at?: Date;
  readonly purpose: 'server' | 'client';
  /** Default: `web-pki` for servers, `rfc5280` for clients. */
  readonly profile?: Profile;
  readonly json?: boolean;
}

/** Everything that is the same for all files. */
interface Inspection {
  readonly options: InspectOptions;
  readonly now: Date;
  readonly rootStore: RootStore | null;
  readonly intermediates: readonly Uint8Array[];
  readonly crls: readonly Uint8Array[];
}

/**
 * `certglass inspect`: reads certificates from files and folders, runs every certificate rule and, with roots, validates their
 * paths; offline. Answers the exit code: 0 nothing of severity error, 1 something, or a path that is not valid. Throws one sentence
 * when it cannot run.
 */
export async function inspect(
  paths: readonly string[],
  options: InspectOptions,
  out: Writable & { readonly isTTY?: boolean; readonly columns?: number } = process.stdout,
): Promise<number> {
  const inspection = await prepare(options);
  const passedOver: string[] = [];
  let failed = false;
  for await (const file of inspectFiles(paths, (name) => passedOver.push(name))) {
    for (const result of inspectOne(file, inspection)) {
      failed ||= result.validation?.verdict === 'invalid';
      failed ||= result.verdicts.some(({ severity }) => atLeast(severity, 'error'));
      const text =
        options.json === true
          ? `${jsonLine(inspectLine(result))}\n`
          : `${renderInspect(result, lookOf(out, process.env), inspection.now)}\n`;
      if (!out.write(text)) await once(out, 'drain');
    }
  }
  tellPassedOver(passedOver);
  return failed ? 1 : 0;
}

function tellPassedOver(files: readonly string[]): void {
  if (files.length === 0) return;
  const shown = files.slice(0, 3).map((file) => printable(file, 200));
  const rest = files.length > 3 ? ` and ${files.length - 3} more` : '';
  process.stderr.write(`certglass: no certificate in ${shown.join(', ')}${rest}\n`);
}

const publicStores = ['mozilla', 'node', 'system'] as const;

async function prepare(options: InspectOptions): Promise<Inspection> {
  const { intermediates, crls, at } = options;
  const rootStore = await openRoots(options.roots);
  const collateral = intermediates === undefined ? null : await collateralIn(intermediates);
  const given = crls === undefined ? [] : await crlsIn(crls);
  return {
    options,
    now: at ?? new Date(),
    rootStore,
    intermediates: collateral?.certificates ?? [],
    crls: [...given, ...(collateral?.crls ?? [])],
  };
}

async function openRoots(roots: string | undefined): Promise<RootStore | null> {
  if (roots === undefined) return null;
  const kind = publicStores.find((name) => name === roots);
  return kind === undefined ? readRootFile(roots) : openRootStore(kind);
}

/** One result a certificate, in the file's order; one without a certificate where the file holds none. */
function* inspectOne(
  { file, items, fault }: InspectedFile,
  inspection: Inspection,
): Generator<InspectResult> {
  if (fault !== null) {
    yield { file, certificate: null, validation: null, verdicts: [unreadable(fault, 'error')] };
    return;
  }
  const certificates = items.map(({ der }) => readCertificate(der));
  const hasEndEntity = certificates.some(({ isCa }) => !isCa);
  for (const [index, certificate] of certificates.entries()) {
    const isFirst = index === 0;
    const others = certificates.filter((_, at) => at !== index);
    const isInUse = !certificate.isCa || (isFirst && !hasEndEntity && inspection.options.host !== undefined);
    const validation = validate(certificate, isInUse, others, inspection);
    const verdicts = judge({
      certificate,
      source: 'file',
      chain: isFirst ? others : [],
      host: isInUse ? (inspection.options.host ?? null) : null,
      observation: null,
      validation,
      inventory: null,
      policy: defaultPolicy,
      now: inspection.now,
    });
    const problem = items[index]?.problem ?? null;
    const wrapping = problem === null || isUnreadable(certificate) ? [] : [unreadable(problem, 'warning')];
    yield { file, certificate, validation, verdicts: [...verdicts, ...wrapping] };
  }
}

/**
 * End-entity certificates are taken for ones in use, and so is a CA's that stands alone when a host is asked for; other CAs are
 * judged as issuers. Null without roots.
 */
function validate(
  certificate: Certificate,
  isInUse: boolean,
  others: readonly Certificate[],
  { options, now, rootStore, intermediates, crls }: Inspection,
): Validation | null {
  if (rootStore === null) return null;
  return validatePath({
    certificate: certificate.der,
    intermediates: [...others.map(({ der }) => der), ...intermediates],
    rootStore,
    at: now,
    purpose: isInUse ? options.purpose : 'ca',
    host: isInUse ? (options.host ?? null) : null,
    crls,
    ...(options.profile === undefined ? {} : { profile: options.profile }),
  });
}

/** What is told of a file, or a part of one, that is no whole certificate. */
function unreadable(reason: string, severity: 'error' | 'warning'): Verdict {
  const { id, title } = unreadableCertificate;
  return { rule: id, severity, title, details: { reason: printable(reason, 500) } };
}
