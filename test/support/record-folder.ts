import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openStore } from '../../src/store/index.js';
import { root } from '../architecture/modules.js';
import { fill } from '../store/filled.js';
import { embeddedConfig, log, temporaryFolder } from '../store/sample.js';
import { summaryOf } from '../store/summary.js';

/** Records the data folder of this release and what is in it, for test/store/folders.test.ts of later ones: `npm run folder:record`. */
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
const target = join(root, 'test', 'store', 'folders', version);
const folder = temporaryFolder();
const store = await openStore(embeddedConfig(folder), log);
await fill(store);
const summary = await summaryOf(store);
await store.close();
// Names the process that has the folder open.
rmSync(join(folder, 'engine', 'certglass-service'), { force: true });
execFileSync('tar', ['--sort=name', '--owner=0', '--group=0', '-czf', `${target}.tgz`, '-C', folder, '.']);
writeFileSync(`${target}.json`, `${JSON.stringify(summary, null, 1)}\n`);
