import type { Certificate } from '../../src/model/certificate.js';
import type { RevocationStatus } from '../../src/model/network.js';
import { readCertificate } from '../../src/x509/read/read-certificate.js';
import type { Memory } from '../scanner.js';
import type { RevocationConfig } from './config.js';
import { isHttp, respondersOf } from './responder.js';
import type { ListVerdict, ResponderVerdict } from './status.js';

/** What is remembered of one certificate that is watched. Its bytes stay in the store. */
export interface Subject {
  readonly sha256: string;
  readonly crlUrls: readonly string[];
  readonly asksResponder: boolean;
  /** By URL; a list that was not read yet is absent. */
  readonly lists: Map<string, ListVerdict>;
  responder: ResponderVerdict | null;
  /** Not asked again before. */
  responderNextAtMs: number;
  /** What was handed on last. */
  status: RevocationStatus | undefined;
}

/** Certificates that are watched for revocation, by SHA-256, and by the lists they name. */
export interface Subjects {
  readonly all: ReadonlyMap<string, Subject>;
  /** SHA-256 of the certificates that name each list. */
  readonly byUrl: ReadonlyMap<string, ReadonlySet<string>>;
  /** Takes in what is in use now, and forgets what no longer is. `onIssuer` gets every certificate of a CA that is met. */
  refresh(onIssuer: (der: Uint8Array) => void, now: Date): Promise<void>;
}

const chunkSize = 500;

/** Certificates in use according to `memory`; with what was learned of them before. */
export function createSubjects(memory: Memory, config: RevocationConfig): Subjects {
  const index = new Index(config);
  return {
    all: index.all,
    byUrl: index.byUrl,
    async refresh(onIssuer, now) {
      const seen = new Set<string>();
      let fresh: string[] = [];
      for await (const { sha256, chain } of memory.certificatesInUse())
        for (const one of [sha256, ...chain]) {
          if (seen.has(one)) continue;
          seen.add(one);
          if (!index.knows(one)) fresh.push(one);
          if (fresh.length < chunkSize) continue;
          await takeIn(memory, index, fresh, onIssuer, now);
          fresh = [];
        }
      await takeIn(memory, index, fresh, onIssuer, now);
      index.keepOnly(seen);
    },
  };
}

async function takeIn(
  memory: Memory,
  index: Index,
  hashes: readonly string[],
  onIssuer: (der: Uint8Array) => void,
  now: Date,
): Promise<void> {
  const before = new Map<string, RevocationStatus>();
  for await (const status of memory.answers('revocation', hashes)) before.set(status.key, status);
  for (const [sha256, der] of await memory.certificates(hashes)) {
    const certificate = readCertificate(der);
    if (certificate.isCa) onIssuer(der);
    const { notAfter, isSelfIssued } = certificate;
    if (isSelfIssued || notAfter === null || notAfter < now) index.passOver(sha256);
    else index.add(certificate, before.get(sha256), now);
  }
}

/** The subjects, and the ways to find them. */
class Index {
  readonly all = new Map<string, Subject>();
  readonly byUrl = new Map<string, Set<string>>();
  /** What is not watched: self-signed, or expired. */
  readonly #passedOver = new Set<string>();
  /** One copy of each URL, however many certificates name it. */
  readonly #urls = new Map<string, string>();
  readonly #config: RevocationConfig;

  constructor(config: RevocationConfig) {
    this.#config = config;
  }

  knows(sha256: string): boolean {
    return this.all.has(sha256) || this.#passedOver.has(sha256);
  }

  passOver(sha256: string): void {
    this.#passedOver.add(sha256);
  }

  add(certificate: Certificate, status: RevocationStatus | undefined, now: Date): void {
    const { sha256 } = certificate;
    const crlUrls = certificate.crlUrls.filter(isHttp).map((url) => this.#shared(url));
    this.all.set(sha256, {
      sha256,
      crlUrls,
      asksResponder: respondersOf(certificate, this.#config).length > 0,
      lists: new Map(),
      responder: null,
      responderNextAtMs: status?.method === 'ocsp' ? nextResponse(status, now) : 0,
      status,
    });
    for (const url of crlUrls) this.byUrl.set(url, (this.byUrl.get(url) ?? new Set()).add(sha256));
  }

  keepOnly(seen: ReadonlySet<string>): void {
    for (const sha256 of [...this.all.keys()]) if (!seen.has(sha256)) this.#forget(sha256);
    for (const sha256 of [...this.#passedOver]) if (!seen.has(sha256)) this.#passedOver.delete(sha256);
  }

  #shared(url: string): string {
    const known = this.#urls.get(url);
    if (known === undefined) this.#urls.set(url, url);
    return known ?? url;
  }

  #forget(sha256: string): void {
    for (const url of this.all.get(sha256)?.crlUrls ?? []) {
      const naming = this.byUrl.get(url);
      naming?.delete(sha256);
      if (naming?.size !== 0) continue;
      this.byUrl.delete(url);
      this.#urls.delete(url);
    }
    this.all.delete(sha256);
  }
}

const hourMs = 3_600_000;

/** When a responder is asked again: half-way to nextUpdate, after an hour at the earliest, after a day at the latest. */
export function nextResponse(
  said: { readonly thisUpdate: Date | null; readonly nextUpdate: Date | null } | null,
  now: Date,
): number {
  const nowMs = now.getTime();
  const end = said?.nextUpdate?.getTime() ?? nowMs;
  return nowMs + Math.min(24 * hourMs, Math.max(hourMs, (end - nowMs) / 2));
}
