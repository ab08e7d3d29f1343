import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { Validation } from '../../../src/model/validation.js';
import { validatePath, type PathRequest } from '../../../src/x509/path/validate.js';
import { createRootStore, fullTrust, type RootStore } from '../../../src/x509/path/root-store.js';
import { chainTime, makeChain, type Chain, type ChainSpec, type Link } from '../../support/chain.js';

/** An operator's store of these roots. */
export function storeOf(...roots: readonly Link[]): RootStore {
  const entries = roots.map(({ der }) => ({ der, server: fullTrust, client: fullTrust }));
  return createRootStore({ name: 'test', date: '2026-06-01', isPublic: false }, entries);
}

/** The same, as if it were a public root programme's. */
export function publicStoreOf(...roots: readonly Link[]): RootStore {
  return { ...storeOf(...roots), isPublic: true };
}

/** What a case may change beside the chain. */
export interface CaseOptions extends Partial<PathRequest> {
  /** The store is a public programme's. */
  readonly isPublic?: boolean;
}

type ChainSource = ChainSpec | (() => Chain);

/** One path and what is to be said of it. */
export interface Case {
  readonly name: string;
  readonly chain: ChainSource;
  /** Exactly the codes expected, each once; none: valid. */
  readonly codes: readonly string[];
  readonly options: CaseOptions;
}

/** A chain that is valid. */
export function accepts(name: string, chain: ChainSource = {}, options: CaseOptions = {}): Case {
  return { name: `accepts ${name}`, chain, codes: [], options };
}

/** A chain that is refused for exactly these codes, given in one text. */
export function refuses(name: string, chain: ChainSource, codes: string, options: CaseOptions = {}): Case {
  return { name: `refuses ${name}`, chain, codes: codes.split(' '), options };
}

/** Validates a chain for www.example.com at the chains' time. */
export function validateChain(chain: Chain, options: CaseOptions = {}): Validation {
  const { isPublic = false, ...request } = options;
  return validatePath({
    certificate: chain.leaf.der,
    intermediates: chain.issuers.map(({ der }) => der),
    rootStore: isPublic ? publicStoreOf(chain.root) : storeOf(chain.root),
    at: chainTime,
    purpose: 'server',
    host: 'www.example.com',
    ...request,
  });
}

/** One test for each case of a section; every error must be a sentence with its section. */
export function testSection(section: string, cases: readonly Case[]): void {
  for (const { name, chain, codes, options } of cases)
    it(`${section}: ${name}`, () => {
      const made = typeof chain === 'function' ? chain() : makeChain(chain);
      const { verdict, errors } = validateChain(made, options);
      const told = errors.map(({ code, message }) => `${code}: ${message}`).join('\n');
      assert.deepEqual([...new Set(errors.map(({ code }) => code))].sort(), codes.toSorted(), told);
      assert.equal(verdict, codes.length === 0 ? 'valid' : 'invalid');
      for (const { message, section: rests } of errors) {
        assert.match(message, /^[A-Z].*\.$/s);
        assert.match(rests, /section|trust bits|distrust-after/);
      }
    });
}
