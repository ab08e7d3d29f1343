import { Gauge, type Registry } from 'prom-client';

/** Adds a gauge whose values are collected when somebody asks; earlier values are forgotten. */
export type AddGauge = (
  name: string,
  help: string,
  labelNames: readonly string[],
  collect: (gauge: Gauge) => void | Promise<void>,
) => void;

/** See {@link AddGauge}. */
export function gaugesOf(registry: Registry): AddGauge {
  return (name, help, labelNames, collect) => {
    new Gauge({
      name,
      help,
      labelNames: [...labelNames],
      registers: [registry],
      collect() {
        this.reset();
        return collect(this);
      },
    });
  };
}

/** Remembers an answer for some time, so that a scrape asks once, and scrapes of several servers ask once together. */
export function rememberedFor<T>(ms: number, ask: () => Promise<T>): () => Promise<T> {
  let at = -Infinity;
  let answer: Promise<T> | null = null;
  return () => {
    if (answer === null || performance.now() - at >= ms) {
      at = performance.now();
      answer = ask().catch((error: unknown) => {
        answer = null;
        throw error;
      });
    }
    return answer;
  };
}
