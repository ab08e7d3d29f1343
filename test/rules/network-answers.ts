import type {
  Answer,
  CaaAnswer,
  CaaRecord,
  NameAnswer,
  RenewalWindow,
  RevocationStatus,
} from '../../src/model/network.js';
import type { OpenStore } from '../../src/store/index.js';
import { hash, minutes, noon } from '../store/sample.js';

const common = { since: noon, checkedAt: noon, detail: null };

/** A CAA property. */
export const property = (tag: string, value: string, critical = false): CaaRecord => ({
  critical,
  tag,
  value,
});

/** What a domain says in CAA. */
export function caa(key: string, records: readonly CaaRecord[], changes: Partial<CaaAnswer> = {}): CaaAnswer {
  const isFound = records.length > 0;
  return {
    ...common,
    question: 'caa',
    key,
    outcome: isFound ? 'found' : 'absent',
    foundAt: isFound ? key : null,
    records,
    authenticated: true,
    ...changes,
  };
}

/** What a name stands for. */
export function named(key: string, changes: Partial<NameAnswer> = {}): NameAnswer {
  return {
    ...common,
    question: 'name',
    key,
    outcome: 'found',
    addresses: [],
    aliases: [],
    https: [],
    ...changes,
  };
}

/** The status of the certificate that `certificate(seed)` makes. */
export function statusFor(seed: string, changes: Partial<RevocationStatus> = {}): RevocationStatus {
  return {
    ...common,
    question: 'revocation',
    key: hash(`sha256 ${seed}`),
    outcome: 'revoked',
    reason: 'keyCompromise',
    revokedAt: minutes(-3000),
    method: 'crl',
    source: 'http://crl.example/1.crl',
    thisUpdate: noon,
    nextUpdate: minutes(6000),
    ...changes,
  };
}

/** The renewal window of the certificate that `certificate(seed)` makes. */
export function windowFor(seed: string, changes: Partial<RenewalWindow> = {}): RenewalWindow {
  return {
    ...common,
    question: 'renewal-window',
    key: hash(`sha256 ${seed}`),
    outcome: 'ok',
    directory: 'https://acme.example/directory',
    start: minutes(10_000),
    end: minutes(20_000),
    explanationUrl: null,
    movedFrom: null,
    retryAt: minutes(600),
    ...changes,
  };
}

/** Hands answers to the store as a scanner does. */
export const told = (store: OpenStore, ...answers: readonly Answer[]): Promise<void> =>
  store.take({ kind: 'answers', answers });
