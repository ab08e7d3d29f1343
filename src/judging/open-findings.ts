import type { Finding, Subject } from '../model/finding.js';

/** The findings that are not resolved, by id and by what they are about. */
export class OpenFindings implements Iterable<Finding> {
  readonly #byId = new Map<string, Finding>();
  readonly #bySubject = new Map<string, Set<string>>();

  constructor(findings: Iterable<Finding> = []) {
    for (const finding of findings) this.set(finding);
  }

  get size(): number {
    return this.#byId.size;
  }

  [Symbol.iterator](): Iterator<Finding> {
    return this.#byId.values();
  }

  /** Undefined when there is none that is open. */
  get(id: string): Finding | undefined {
    return this.#byId.get(id);
  }

  /** Findings about this subject, of any rule. */
  about({ kind, key }: Subject): readonly Finding[] {
    const ids = this.#bySubject.get(`${kind} ${key}`) ?? [];
    return [...ids].flatMap((id) => this.#byId.get(id) ?? []);
  }

  /** Findings of this rule. */
  *ofRule(rule: string): Iterable<Finding> {
    for (const finding of this.#byId.values()) if (finding.rule === rule) yield finding;
  }

  /** Adds a finding or replaces its earlier revision. */
  set(finding: Finding): void {
    const { id, subject } = finding;
    this.#byId.set(id, finding);
    const key = `${subject.kind} ${subject.key}`;
    const ids = this.#bySubject.get(key);
    if (ids === undefined) this.#bySubject.set(key, new Set([id]));
    else ids.add(id);
  }

  /** Removes a finding that is resolved. */
  delete(id: string): void {
    const finding = this.#byId.get(id);
    if (finding === undefined) return;
    this.#byId.delete(id);
    const key = `${finding.subject.kind} ${finding.subject.key}`;
    const ids = this.#bySubject.get(key);
    ids?.delete(id);
    if (ids?.size === 0) this.#bySubject.delete(key);
  }
}
