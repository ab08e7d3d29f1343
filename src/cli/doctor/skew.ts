import type { Config } from '../../config/config.js';
import { logListsInUse } from '../check/online.js';
import { bad, ok, type Check } from './check.js';

/** An HTTP date has whole seconds, and the answer takes its time. */
const tolerableMs = 10_000;
const longestMs = 10_000;

/**
 * How far the clock is off, by the clocks of the servers of the log lists that are in use; empty where none says what time it is: that it
 * does not answer is the result of another check.
 */
export async function checkSkew(config: Config, now: Date): Promise<readonly Check[]> {
  const urls = logListsInUse(config).flatMap(({ source }) => (/^https?:/i.test(source) ? [source] : []));
  for (const url of urls) {
    const startedAtMs = performance.now();
    const answer = await fetch(url, { method: 'HEAD', signal: AbortSignal.timeout(longestMs) }).catch(
      () => null,
    );
    const theirs = Date.parse(answer?.headers.get('date') ?? '');
    if (Number.isNaN(theirs)) continue;
    const skewMs = now.getTime() + (performance.now() - startedAtMs) - theirs;
    const detail = `${Math.abs(Math.round(skewMs / 1_000))} s ${skewMs < 0 ? 'behind' : 'ahead of'} ${new URL(url).host}`;
    if (Math.abs(skewMs) <= tolerableMs) return [ok('clock', detail)];
    const advice = 'set the clock and keep it set: timedatectl set-ntp true, or chrony';
    return [bad('clock', Math.abs(skewMs) > tolerableMs * 30 ? 'failed' : 'warning', detail, advice)];
  }
  return [];
}
