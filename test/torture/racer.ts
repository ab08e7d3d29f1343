import { once } from 'node:events';
import { pino } from 'pino';
import { openStore } from '../../src/store/index.js';
import { embeddedConfig } from '../store/sample.js';

/** Opens the folder given, tells its parent how that went, and holds the folder until it is told to end. */
const ended = once(process, 'message');
try {
  const store = await openStore(embeddedConfig(String(process.argv[2])), pino({ level: 'silent' }));
  process.send?.('open');
  await ended;
  await store.close();
} catch (error) {
  process.send?.(error instanceof Error ? error.message : String(error));
  await ended;
}
process.exit();
