import { createEntryFilter } from './entry-filter.js';
import { createLookAlikes } from './look-alikes.js';
import { createMatcher } from './matcher.js';
import type { Watch } from './page-collector.js';
import type { WatchList } from './watch-list.js';

/** Makes a watch list ready for use: the quick filter and the exact matcher. */
export function createWatch(list: WatchList): Watch {
  const lookAlikes = createLookAlikes(list);
  return { mayMatch: createEntryFilter(list, lookAlikes), match: createMatcher(list, lookAlikes) };
}
