import { once } from 'node:events';
import { domainToASCII } from 'node:url';
import { decodeText } from '../lib/decode-text.js';
import { jsonLine } from '../lib/json-line.js';
import { printable } from '../lib/printable.js';
import { readBounded } from '../lib/read-bounded.js';
import { inspectLine, type InspectResult } from '../model/inspect-line.js';
import { isUnreadable } from '../model/certificate.js';
import { atLeast, type Severity } from '../model/severity.js';
import { defaultPolicy } from '../rules/config.js';
import { readBundle, type Bundle } from '../x509/files/bundle.js';
import { findCrls, readCrlBundle } from '../x509/revocation/crl-bundle.js';
import { tags } from '../x509/read/der.js';
import { anyPolicy, type PolicyDemand } from '../x509/path/policies.js';
import { readPool } from '../x509/path/pool.js';
import type { Profile } from '../x509/path/validate.js';
import { readCertificate } from '../x509/read/read-certificate.js';
import type { RevocationAsker } from '../../scanners/revocation/ask.js';
import type { RevocationConfig } from '../../scanners/revocation/config.js';
import { inspectBundle, nothingFound, type InspectSettings } from './inspect-certificates.js';
import { openKnownKeys } from '../key-evidence/known-keys.js';
import { readEvidence, readKeyEvidence } from './inspect-evidence.js';
import { readFiles, type InputFile } from './inspect-files.js';
import { lookOf } from './look.js';
import { openRoots } from './roots-option.js';
import { renderInspect } from './render-inspect.js';
import { count, severityCounts, wrapText } from './render-text.js';

/** Options of `certglass inspect`, as the command line gives them. */
export interface InspectOptions {
  /** See {@link openRoots}; with it paths are validated. */
  readonly roots?: string;
  /** File of further certificates that may stand in a path; CRLs in its PEM count as well. */
  readonly intermediates?: string;
  /** File of CRLs to judge paths by. */
  readonly crls?: string;
  /** Refuse a path with a certificate whose status no CRL tells. */
  readonly requireCrls?: boolean;
  /** Policies, dotted or `any`, of which a path has to be valid for one; default: none is asked for. */
  readonly policy?: readonly string[];
  readonly inhibitPolicyMapping?: boolean;
  readonly inhibitAnyPolicy?: boolean;
  /** Most intermediates of a path; default 8. */
  readonly maxDepth?: number;
  readonly host?: string;
  /** Default: the clock. */
  readonly at?: Date;
  readonly purpose?: 'server' | 'client';
  /** Which rules bind a path. Default: `web-pki` for servers, `rfc5280` for clients. */
  readonly profile?: Profile;
  /** File of a CT log list (v3) to verify SCTs against. */
  readonly logList?: string;
  /** File of an OCSP response, DER. */
  readonly ocsp?: string;
  /** File of private keys that others know, as `certglass keys build` makes it. */
  readonly knownKeys?: string;
  /** File of passwords for PKCS #12 files, one a line. */
  readonly passwordFile?: string;
  /** Fetch missing issuers, revocation lists and OCSP responses. */
  readonly fetch?: boolean;
  /** Where `fetch` may connect to, and how; default: as without a configuration. */
  readonly outbound?: RevocationConfig;
  /** Describe every extension. */
  readonly extensions?: boolean;
  readonly json?: boolean;
}

/** Where to write; `process` is one. */
export interface Output {
  readonly stdout: NodeJS.WritableStream & { readonly isTTY?: boolean; readonly columns?: number };
  readonly stderr: NodeJS.WritableStream;
}

/**
 * `certglass inspect`: reads certificates from files and folders, judges each, prints. Answers the exit code: 0 all is well, 1 a
 * finding of severity error, an invalid path or a revoked certificate, 2 something could not be read. Throws one sentence when `options` cannot be used.
 */
export async function inspect(
  files: readonly string[],
  options: InspectOptions,
  output: Output = process,
): Promise<number> {
  let unread = false;
  const complain = (sentence: string): void => {
    output.stderr.write(`certglass: ${printable(sentence, 2000)}\n`);
  };
  const settings = await readSettings(options, complain);
  const asker = options.fetch === true ? await openAsker(options) : null;
  const look = lookOf(output.stdout, process.env);
  // The full parser takes its time to load.
  const describe = options.extensions === true ? (await describer()).describeExtensions : null;
  const totals = newTotals();
  const passedOver: string[] = [];
  for (const file of files) {
    const inputs = readFiles(file, (sentence) => {
      unread = true;
      complain(sentence);
    });
    for await (const input of inputs) {
      totals.files += 1;
      const seen: Outcome[] = [];
      const results = await inspectInput(input, settings, asker);
      if (results === null) passedOver.push(input.name);
      for (const judged of results ?? []) {
        const result = describe === null ? judged : withExtensions(judged, describe);
        add(totals, result);
        seen.push(outcomeOf(result));
        const text =
          options.json === true
            ? `${jsonLine(inspectLine(result))}\n`
            : `${renderInspect(result, look, settings.now)}\n`;
        if (!output.stdout.write(text)) await once(output.stdout, 'drain');
      }
      totals.failed ||= hasFailed(seen);
    }
  }
  await asker?.close();
  await settings.knownKeys?.close();
  if (options.json !== true) output.stdout.write(`${wrapText(summary(totals), look)}\n`);
  if (passedOver.length > 0) complain(passedOverSentence(passedOver));
  if (totals.results === 0 && !unread) complain(`there is no certificate in ${files.join(', ')}`);
  if (unread || totals.results === 0) return 2;
  return totals.failed ? 1 : 0;
}

type Describe = Awaited<ReturnType<typeof describer>>['describeExtensions'];

function describer() {
  return import('../x509/describe/describe-extensions.js');
}

function withExtensions(result: InspectResult, describe: Describe): InspectResult {
  const { certificate } = result;
  return certificate === null ? result : { ...result, extensions: describe(certificate.der) };
}

const maxBytes = 100_000_000;

async function readSettings(
  options: InspectOptions,
  warn: (sentence: string) => void,
): Promise<InspectSettings> {
  const { roots, intermediates, crls, host, at, purpose, profile, logList, ocsp, knownKeys } = options;
  const passwords = options.passwordFile === undefined ? [] : await readPasswords(options.passwordFile);
  const rootStores = roots === undefined ? null : await openRoots(roots);
  for (const { sha256, reason } of rootStores?.flatMap((store) => store.unreadable).slice(0, 20) ?? [])
    warn(`${roots}: the root ${sha256} is not trusted, for it cannot be read: ${reason}`);
  const helpers = intermediates === undefined ? null : await readBounded(intermediates, maxBytes);
  const known = helpers === null ? [] : readBundle(helpers).items.map(({ der }) => der);
  const now = at ?? new Date();
  const revoking = crls === undefined ? null : await readBounded(crls, maxBytes);
  return {
    rootStores,
    intermediates: known,
    pool: readPool(known),
    crls: [
      ...(revoking === null ? [] : readCrlBundle(revoking)),
      ...(helpers === null ? [] : findCrls(helpers)),
    ],
    requireCrls: options.requireCrls ?? false,
    maxIntermediates: options.maxDepth ?? null,
    policies: policyDemand(options),
    host: host === undefined ? null : hostName(host),
    purpose: purpose ?? 'server',
    profile: profile ?? null,
    policy: defaultPolicy,
    evidence: await readEvidence(logList, ocsp, now),
    knownKeys: knownKeys === undefined ? null : await openKnownKeys(knownKeys),
    keys: null,
    revocations: new Map(),
    passwords,
    now,
  };
}

async function readPasswords(path: string): Promise<readonly string[]> {
  const text = decodeText(await readBounded(path, maxBytes)) ?? '';
  const passwords = text.split(/\r?\n/).filter((line) => line !== '');
  if (passwords.length === 0) throw new Error(`${path}: no password in it; write one a line.`);
  return passwords;
}

function policyDemand({ policy, inhibitPolicyMapping, inhibitAnyPolicy }: InspectOptions): PolicyDemand {
  const acceptable = policy?.map((id) => (id === 'any' ? anyPolicy : id)) ?? null;
  const odd = acceptable?.find((id) => !/^[0-2](?:\.(?:0|[1-9]\d*))+$/.test(id));
  if (odd !== undefined)
    throw new Error(`--policy ${odd} is no object identifier; give one like 2.23.140.1.2.1.`);
  return {
    acceptable,
    isRequired: acceptable !== null,
    inhibitMapping: inhibitPolicyMapping ?? false,
    inhibitAny: inhibitAnyPolicy ?? false,
  };
}

/** A name as certificates have it: A-labels; an address without the brackets it has in a URL. */
function hostName(host: string): string {
  const bare = host.replace(/^\[(.*)\]$/, '$1');
  if (bare === '') throw new Error('--host is empty; give a name or an address.');
  return /^[\0-\x7f]*$/.test(bare) ? bare : domainToASCII(bare) || bare;
}

const certificateEndings = /\.(?:pem|crt|cert?|der|p7[bc]|p12|pfx|jks|keystore)$/i;

/**
 * What a file holds. null for files of a folder that hold no certificate, unless their ending says that they should; keys are passed
 * over all the same.
 */
async function inspectInput(
  { name, isNamed, bytes }: InputFile,
  settings: InspectSettings,
  asker: RevocationAsker | null,
): Promise<Iterable<InspectResult> | null> {
  const bundle = readBundle(bytes, { passwords: settings.passwords });
  const isMeant = isNamed || certificateEndings.test(name);
  const unread = bundle.unread.map((reason) => nothingFound(name, reason));
  if (bundle.items.length > 0) {
    if (!isMeant && !isCertain(bytes, bundle)) return null;
    const keys = await readKeyEvidence(bundle, settings.knownKeys);
    // The client it fetches with takes its time to load.
    const fetched =
      asker === null ? {} : await (await import('./inspect-fetch.js')).fetchEvidence(bundle, settings, asker);
    return [...inspectBundle(name, bundle, { ...settings, ...fetched, keys }), ...unread];
  }
  if (unread.length > 0) return unread;
  const isWanted = isNamed || (isMeant && bundle.otherLabels.length === 0);
  return isWanted ? [nothingFound(name, reasonOf(bytes, bundle))] : null;
}

async function openAsker({ outbound }: InspectOptions): Promise<RevocationAsker> {
  const { openRevocationAsker } = await import('../../scanners/revocation/ask.js');
  const { loadConfig } = await import('../config/config.js');
  return openRevocationAsker(outbound ?? loadConfig(null, process.env).revocation);
}

/** PEM says what it is; other bytes that only begin like a certificate may be anything. */
function isCertain(bytes: Buffer, { items }: Bundle): boolean {
  return bytes[0] !== tags.sequence || items.some(({ der }) => !isUnreadable(readCertificate(der)));
}

function reasonOf(bytes: Buffer, { otherLabels }: Bundle): string {
  if (bytes.length === 0) return 'the file is empty';
  if (otherLabels.length > 0) return `it holds no certificate, only ${otherLabels.join(', ')}`;
  return 'nothing in it begins like a certificate';
}

const namedInSentence = 10;

/** Names the files of folders in which nothing looked like a certificate. */
function passedOverSentence(names: readonly string[]): string {
  const more = names.length > namedInSentence ? ` and ${names.length - namedInSentence} more` : '';
  const which = `${names.slice(0, namedInSentence).join(', ')}${more}`;
  return `passed over ${count(names.length, 'file')} without a certificate: ${which}`;
}

interface Totals {
  files: number;
  results: number;
  certificates: number;
  invalidPaths: number;
  failed: boolean;
  readonly severities: Map<Severity, number>;
}

function newTotals(): Totals {
  return { files: 0, results: 0, certificates: 0, invalidPaths: 0, failed: false, severities: new Map() };
}

function add(totals: Totals, { certificate, validation, verdicts }: InspectResult): void {
  totals.results += 1;
  if (certificate !== null) totals.certificates += 1;
  for (const { severity } of verdicts)
    totals.severities.set(severity, (totals.severities.get(severity) ?? 0) + 1);
  if (validation?.grade === 'invalid') totals.invalidPaths += 1;
}

/** What one certificate of a file means for the exit code. */
interface Outcome extends Pick<InspectResult, 'isHelper' | 'validation'> {
  readonly sha256: string | null;
  readonly isBad: boolean;
}

function outcomeOf({ certificate, isHelper, validation, verdicts, ocsp }: InspectResult): Outcome {
  const isBad =
    validation?.grade === 'invalid' ||
    ocsp?.status === 'revoked' ||
    verdicts.some(({ severity }) => atLeast(severity, 'error'));
  return { sha256: certificate?.sha256 ?? null, isHelper, validation, isBad };
}

/**
 * The chain that matters: every certificate of a file counts, but a CA certificate that came along with others only where a path of
 * theirs goes through it. An unneeded cross-certificate fails nothing.
 */
function hasFailed(seen: readonly Outcome[]): boolean {
  const subjects = seen.filter(({ isHelper }) => !isHelper);
  const arePathsKnown = subjects.length > 0 && subjects.every(({ validation }) => validation !== null);
  const used = new Set(subjects.flatMap(({ validation }) => validation?.path ?? []));
  return seen.some(
    ({ isHelper, isBad, sha256 }) =>
      isBad && (!isHelper || !arePathsKnown || (sha256 !== null && used.has(sha256))),
  );
}

function summary({ files, certificates, invalidPaths, severities }: Totals): string {
  const paths = invalidPaths === 0 ? '' : `${count(invalidPaths, 'invalid path')}, `;
  const found = paths + (severityCounts(severities) || 'no findings');
  return `${count(certificates, 'certificate')} in ${count(files, 'file')}: ${found}`;
}
