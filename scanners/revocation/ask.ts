import type { RevocationStatus } from '../../src/model/network.js';
import { readCertificate } from '../../src/x509/read/read-certificate.js';
import { openRevocationChecker } from './checker.js';
import type { RevocationConfig } from './config.js';
import { isHttp } from './responder.js';
import { statusOf, type ListVerdict } from './status.js';

/** Asks about single certificates; lists and issuers are fetched once for all of them. */
export interface RevocationAsker {
  /** `chain`: certificates that may be its issuers. Rejects only for an abort. */
  ask(der: Uint8Array, chain: readonly Uint8Array[], signal: AbortSignal): Promise<RevocationStatus>;
  /** DER of the certificates above it that were not in `chain`, fetched from where each says its issuer is, lowest first. */
  missingIssuers(
    der: Uint8Array,
    chain: readonly Uint8Array[],
    signal: AbortSignal,
  ): Promise<readonly Uint8Array[]>;
  close(): Promise<void>;
}

/** Longest path that is followed upwards. */
const maxIssuers = 6;

/** For one-off questions of the command line: nothing is kept. Close it. */
export async function openRevocationAsker(config: RevocationConfig): Promise<RevocationAsker> {
  const checker = await openRevocationChecker(config, null);
  return {
    async ask(der, chain, signal) {
      for (const one of chain) checker.addIssuer(one);
      const certificate = readCertificate(der);
      const lists: ListVerdict[] = [];
      for (const url of certificate.crlUrls.filter(isHttp)) {
        const { record, verdicts } = await checker.byList(url, [der], signal);
        const verdict = verdicts.get(certificate.sha256) ?? null;
        const { problem, thisUpdateMs, nextUpdateMs } = record;
        lists.push({ url, verdict, problem, thisUpdateMs, nextUpdateMs });
      }
      return statusOf(certificate.sha256, lists, await checker.byResponder(der, signal), new Date());
    },
    async missingIssuers(der, chain, signal) {
      for (const one of chain) checker.addIssuer(one);
      const known = new Set(chain.map((one) => readCertificate(one).sha256));
      const missing: Uint8Array[] = [];
      let below = readCertificate(der);
      for (let steps = 0; steps < maxIssuers && !below.isSelfIssued; steps += 1) {
        const issuer = await checker.issuerOf(below.der, signal);
        if (issuer === null) break;
        if (!known.has(issuer.sha256)) missing.push(issuer.der);
        below = issuer;
      }
      return missing;
    },
    close: () => checker.close(),
  };
}
