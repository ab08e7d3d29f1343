import { pino } from 'pino';
import { revocationConfig, type RevocationConfig } from '../../../scanners/revocation/config.js';
import { createRevocationScanner } from '../../../scanners/revocation/scanner.js';
import type { CertificateInUse } from '../../../scanners/scanner.js';
import type { Fact } from '../../../src/model/fact.js';
import type { Incident } from '../../../src/model/incident.js';
import type { CrlState, RevocationStatus } from '../../../src/model/network.js';
import { sha256Of } from '../../../scanners/revocation/crl-file.js';
import { makeCrl, type CrlSpec } from '../../support/crl.js';
import * as der from '../../support/der-writer.js';
import { generalName } from '../../support/chain.js';
import { emptyMemory } from '../../support/memory.js';
import { extension, issueFor, type CertificateSpec, type Issued } from '../../support/pki.js';

/** cRLDistributionPoints with one point of these URLs. */
export function crlPoints(...urls: readonly string[]): Buffer {
  const names = der.context(0, true, der.context(0, true, ...urls.map(generalName.uri)));
  return extension('2.5.29.31', false, der.sequence(der.sequence(names)));
}

/** authorityInfoAccess with responders and issuers. */
export function authorityInfo(ocsp: readonly string[], issuers: readonly string[] = []): Buffer {
  const access = (method: string, url: string): Buffer => der.sequence(der.oid(method), generalName.uri(url));
  return extension(
    '1.3.6.1.5.5.7.1.1',
    false,
    der.sequence(
      ...ocsp.map((url) => access('1.3.6.1.5.5.7.48.1', url)),
      ...issuers.map((url) => access('1.3.6.1.5.5.7.48.2', url)),
    ),
  );
}

/** A leaf that names this list. */
export function listed(url: string, issuer: Issued, spec: CertificateSpec = {}): Issued {
  return issueFor('www.example.com', { issuer, extensions: [crlPoints(url)], ...spec });
}

/** A list of `issuer`, valid from yesterday until in a week. */
export function crlOf(issuer: Issued, serials: readonly bigint[] = [], spec: CrlSpec = {}): Buffer {
  const day = 86_400_000;
  return makeCrl(
    { der: issuer.der, key: issuer.key, subject: issuer.subjectName },
    {
      thisUpdate: new Date(Date.now() - day),
      nextUpdate: new Date(Date.now() + 7 * day),
      revoked: serials.map((serial) => [der.integer(serial)] as const),
      ...spec,
    },
  );
}

/** Serial number of a certificate made by `issue` with one given. */
export const serialOf = 0x1234n;

/** The scanner with what it handed on; `rounds` runs it until it has done so many. */
export class Watch {
  readonly statuses = new Map<string, RevocationStatus>();
  readonly lists = new Map<string, CrlState>();
  readonly incidents: Incident[] = [];
  readonly facts: Fact[] = [];
  readonly config: RevocationConfig;
  readonly inUse: CertificateInUse[] = [];
  readonly ders = new Map<string, Uint8Array>();
  readonly folder: string | null;
  nowMs = Date.now();

  constructor(port: number, folder: string | null = null, change: Record<string, unknown> = {}) {
    this.folder = folder;
    this.config = revocationConfig.parse({
      allow: ['127.0.0.0/8'],
      ports: [port],
      requestSeconds: 2,
      everyMinutes: 0.01,
      unreachableHours: 0,
      ...change,
    });
  }

  /** Puts a leaf in use, with what is sent with it. */
  serve(leaf: Issued, ...chain: readonly Issued[]): this {
    for (const one of [leaf, ...chain]) this.ders.set(one.sha256, one.der);
    this.inUse.push({ sha256: leaf.sha256, chain: chain.map(({ sha256 }) => sha256), isServed: true });
    return this;
  }

  /** Runs until everything in use was looked up `rounds` times. */
  async run(rounds = 1): Promise<void> {
    const stop = new AbortController();
    let begun = 0;
    const watch = this;
    const memory = emptyMemory({
      async *certificatesInUse() {
        begun += 1;
        if (begun > rounds) stop.abort();
        yield* watch.inUse;
      },
      certificates: async (hashes) =>
        new Map(hashes.flatMap((one) => (watch.ders.has(one) ? [[one, watch.ders.get(one)!]] : []))),
      async *answers(question, keys) {
        for (const key of keys ?? []) {
          const known = watch.statuses.get(key);
          if (question === 'revocation' && known !== undefined) yield known as never;
        }
      },
    });
    const scanner = createRevocationScanner(
      this.config,
      {
        log: pino({ level: 'silent' }),
        folder: this.folder,
        resolvers: [],
        ownedDomains: [],
        memory,
        onProgress: () => undefined,
      },
      () => new Date(this.nowMs),
    );
    await scanner.run({ take: async (fact) => this.#take(fact) }, stop.signal);
  }

  /** What is known of a certificate, in one word. */
  outcome(of: Issued): string {
    const status = this.statuses.get(of.sha256);
    return status === undefined ? 'none' : status.outcome;
  }

  /** Rules that are open. */
  open(): readonly string[] {
    const last = new Map(this.incidents.map((one) => [`${one.rule} ${one.subject.key}`, one.active]));
    return [...last].filter(([, active]) => active).map(([key]) => key.split(' ')[0] ?? '');
  }

  #take(fact: Fact): void {
    this.facts.push(fact);
    if (fact.kind === 'incident') this.incidents.push(fact.incident);
    if (fact.kind !== 'answers') return;
    for (const answer of fact.answers) {
      if (answer.question === 'revocation') this.statuses.set(answer.key, answer);
      if (answer.question === 'crl') this.lists.set(answer.key, answer);
    }
  }
}

/** SHA-256 of bytes. */
export const digest = sha256Of;
