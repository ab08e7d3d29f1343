import type { ReadProblem } from '../../model/certificate.js';
import { append, emptyList } from './lists.js';

/** Where readers note what is irregular; one per certificate. At most 64 are kept, so that a hostile certificate stays small. */
export class Problems {
  #list: ReadProblem[] = emptyList;
  #hasFatal = false;

  /** Notes something that reading went on after. */
  note(code: string, message: string): void {
    this.#add({ code, message, fatal: false });
  }

  /** Notes that a part could not be read to its end, so that names may hide in it. */
  fatal(code: string, message: string): void {
    this.#add({ code, message, fatal: true });
  }

  /** True when something fatal was noted. */
  get hasFatal(): boolean {
    return this.#hasFatal;
  }

  /** What was noted, in order. */
  get list(): readonly ReadProblem[] {
    return this.#list;
  }

  #add(problem: ReadProblem): void {
    const isNew = this.#list.length < 64 || (problem.fatal && !this.#hasFatal);
    if (problem.fatal) this.#hasFatal = true;
    if (isNew) this.#list = append(this.#list, { ...problem, message: problem.message.slice(0, 500) });
  }
}
