import { bitFlips } from './bit-flips.js';
import { damages } from './damages.js';
import { files } from './files.js';
import { flows } from './flows.js';
import { memory } from './memory.js';
import type { TorturePart } from './part.js';
import { races } from './races.js';

/** Everything that `npm run torture` does. */
export const parts: readonly TorturePart[] = [damages, files, flows, bitFlips, races, memory];
