import { createEntryFilter } from './entry-filter.js';
import type { LookAlikes } from './look-alikes.js';
import { createMatcher } from './matcher.js';
import type { Watch } from '../read/page-collector.js';
import type { WatchList } from './watch-list.js';

/** Makes a watch list ready for use: the quick filter and the exact matcher. */
export async function createWatch(list: WatchList): Promise<Watch> {
  const lookAlikes = await loadLookAlikes(list);
  return { mayMatch: createEntryFilter(list, lookAlikes), match: createMatcher(list, lookAlikes) };
}

/** The public suffix list takes a tenth of a second to load, which most threads can do without. */
export async function loadLookAlikes(list: WatchList): Promise<LookAlikes | null> {
  return list.lookAlikes.enabled ? (await import('./look-alikes.js')).createLookAlikes(list) : null;
}
