import { once } from 'node:events';
import { startConsoleEstate } from './estate.js';

/** Runs the estate until interrupted: `npm run console:estate`, then open the address it prints. */
const estate = await startConsoleEstate({ port: 8443, config: { api: { port: 8450 } } });
process.stdout.write(`${estate.service.url}\n`);
await once(process, 'SIGINT');
await estate.close();
