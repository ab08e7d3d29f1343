import { z } from 'zod';
import { readConfigData } from '../../lib/config-data.js';
import { memoize } from '../../lib/memoize.js';
import { framework, type Framework } from './controls.js';

const read = memoize(1, () => readConfigData('frameworks.json', z.array(framework)));

/** Every framework that evidence can be exported for: config/frameworks.json. */
export function frameworks(): readonly Framework[] {
  return read('');
}
