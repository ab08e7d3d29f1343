import { writeFileSync } from 'node:fs';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { isMainThread } from 'node:worker_threads';

/** Preloaded into a process: writes the 99th percentile and the maximum of its event loop's delay, in ms, to LOOP_DELAY_FILE at its end. */
const file = process.env['LOOP_DELAY_FILE'];
if (file !== undefined && isMainThread && process.argv[1]?.endsWith('main.js') === true) {
  const delay = monitorEventLoopDelay({ resolution: 5 });
  // The start is over after five seconds: loading modules is not what is measured.
  setTimeout(() => delay.enable(), 5000).unref();
  process.on('exit', () =>
    writeFileSync(file, JSON.stringify({ p99Ms: delay.percentile(99) / 1e6, maxMs: delay.max / 1e6 })),
  );
}
