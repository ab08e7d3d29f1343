import type { AnyQuery, ParametersOf, RowOf, StreamRows } from '../../model/query.js';

/**
 * The same rows for less: those who ask the same question in the same turn are given one answer, row by row, in step. Only for consumers
 * that wait for nothing else between two rows; one that stops early does not hold up the others.
 */
export function shareStreams(streamRows: StreamRows): StreamRows {
  const beginning = new Map<string, InStep<unknown>>();
  return async function* shared<Q extends AnyQuery>(
    query: Q,
    parameters: ParametersOf<Q>,
  ): AsyncGenerator<RowOf<Q>> {
    const key = JSON.stringify([query.name, parameters]);
    let stream = beginning.get(key) as InStep<RowOf<Q>> | undefined;
    if (stream === undefined) {
      const own = new InStep(streamRows(query, parameters));
      beginning.set(key, own);
      setImmediate(() => {
        beginning.delete(key);
        own.begin();
      });
      stream = own;
    }
    yield* stream.rows();
  };
}

interface Waiting<Row> {
  resolve(row: IteratorResult<Row>): void;
  reject(error: unknown): void;
}

/** One stream, several consumers: the next row is read once all of them ask for it. */
class InStep<Row> {
  readonly #source: AsyncIterator<Row>;
  #waiting: Waiting<Row>[] = [];
  #consumers = 0;
  #hasBegun = false;

  constructor(source: AsyncIterable<Row>) {
    this.#source = source[Symbol.asyncIterator]();
  }

  begin(): void {
    this.#hasBegun = true;
    this.#read();
  }

  async *rows(): AsyncGenerator<Row> {
    this.#consumers += 1;
    try {
      for (;;) {
        const next = await new Promise<IteratorResult<Row>>((resolve, reject) => {
          this.#waiting.push({ resolve, reject });
          this.#read();
        });
        if (next.done === true) return;
        yield next.value;
      }
    } finally {
      this.#consumers -= 1;
      if (this.#consumers === 0) await this.#source.return?.();
      else this.#read();
    }
  }

  #read(): void {
    if (!this.#hasBegun || this.#waiting.length === 0 || this.#waiting.length < this.#consumers) return;
    const asking = this.#waiting;
    this.#waiting = [];
    this.#source.next().then(
      (row) => asking.forEach(({ resolve }) => resolve(row)),
      (error: unknown) => asking.forEach(({ reject }) => reject(error)),
    );
  }
}
