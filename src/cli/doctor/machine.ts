import { existsSync, readFileSync } from 'node:fs';
import { readdir, stat, statfs } from 'node:fs/promises';
import { networkInterfaces } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import type { Config } from '../../config/config.js';
import { policyDatesAsOf } from '../../lib/policy-dates.js';
import { bad, ok, skipped, type Check } from './check.js';

const mebibyte = 1_048_576;
/** What the service itself takes beside the engine, measured with 10,000 endpoints and 60 logs. */
const serviceMiB = 250;
/** Descriptors beside those of a scan: logs, API, engine, files. */
const otherDescriptors = 512;
/** Clocks of two machines that both keep time differ by less. */
const futureMs = 120_000;

/** Room on the disk of the data folder, against `store.minFreeMiB`, and inodes. */
export async function checkDisk({ store }: Config): Promise<Check> {
  const folder = existing(store.dataDir);
  const { bavail, bsize, files, ffree } = await statfs(folder);
  const freeMiB = Math.floor((bavail * bsize) / mebibyte);
  const detail = `${freeMiB} MiB free for ${folder} (intake stops below ${store.minFreeMiB})`;
  const advice = 'free space, move store.dataDir to a larger disk, or shorten store.retentionDays';
  if (freeMiB < store.minFreeMiB) return bad('disk', 'failed', detail, advice);
  if (freeMiB < store.minFreeMiB * 3) return bad('disk', 'warning', detail, advice);
  if (files > 0 && ffree < 10_000)
    return bad(
      'disk',
      'warning',
      `${detail}; ${ffree} inodes left`,
      'delete small files on this file system',
    );
  return ok('disk', detail);
}

/** Memory that is left, by the limits of the container too, against what the engine may take. */
export function checkMemory({ store }: Config, isRunning: boolean): Check {
  const free = Math.floor(process.availableMemory() / mebibyte);
  const needed = serviceMiB + (store.mode === 'embedded' ? store.embedded.memoryMiB : 0);
  const detail = `${free} MiB available`;
  if (isRunning) return ok('memory', `${detail} beside the running service`);
  if (free >= needed) return ok('memory', `${detail}, up to ${needed} needed`);
  const embedded = 'give the machine more memory, or lower store.embedded.memoryMiB (at least 256)';
  const advice = store.mode === 'embedded' ? embedded : 'give the machine more memory';
  return bad('memory', free < needed / 2 ? 'failed' : 'warning', `${detail}, up to ${needed} needed`, advice);
}

/** How many files and connections a process may have open, against `scan.concurrency`. */
export function checkDescriptors({ scan }: Config): Check {
  const limits = existsSync('/proc/self/limits') ? readFileSync('/proc/self/limits', 'utf8') : '';
  // The hard limit: Node.js raises its own to it.
  const most = Number(/^Max open files\s+\S+\s+(\d+)/m.exec(limits)?.[1] ?? Infinity);
  const needed = scan.concurrency + otherDescriptors;
  if (limits === '')
    return skipped('file descriptors', 'this system does not say how many a process may have');
  const detail = `${most === Infinity ? 'any number' : most} allowed, ${needed} needed with scan.concurrency ${scan.concurrency}`;
  if (most >= needed) return ok('file descriptors', detail);
  const advice = `raise the limit (LimitNOFILE=${needed} in the systemd unit, ulimit -n), or lower scan.concurrency`;
  return bad('file descriptors', 'failed', detail, advice);
}

/** A clock that is plainly wrong; how far it is off, only another clock can tell. */
export async function checkClock({ store }: Config, now: Date): Promise<Check> {
  const advice = 'set the clock and keep it set: timedatectl set-ntp true, or chrony';
  const detail = `it is ${now.toISOString()} here`;
  if (now < new Date(policyDatesAsOf))
    return bad('clock', 'failed', `${detail}, which is before this program was made`, advice);
  const folder = resolve(store.dataDir);
  for (const name of existsSync(folder) ? await readdir(folder) : []) {
    const { mtimeMs } = await stat(join(folder, name));
    if (mtimeMs > now.getTime() + futureMs)
      return bad(
        'clock',
        'warning',
        `${detail}, and ${join(folder, name)} was written in the future`,
        advice,
      );
  }
  if (!isSynchronized()) return ok('clock', `${detail}; systemd does not say that it is synchronized`);
  return ok('clock', `${detail}, synchronized`);
}

/** systemd-timesyncd leaves this file once it has set the clock. */
function isSynchronized(): boolean {
  return existsSync('/run/systemd/timesync/synchronized');
}

/** Addresses of this machine beside loopback. */
export function checkNetwork(): Check {
  const entries = Object.values(networkInterfaces()).flatMap((list) => list ?? []);
  const outward = entries.filter(({ internal }) => !internal);
  const has = (family: string): boolean =>
    outward.some((one) => one.family === family && !one.address.startsWith('fe80:'));
  const families = [has('IPv4') ? 'IPv4' : [], has('IPv6') ? 'IPv6' : []].flat();
  if (families.length > 0) return ok('network', `${families.join(' and ')} beside loopback`);
  return bad(
    'network',
    'warning',
    'only loopback has an address: nothing beyond this machine can be scanned',
    'connect the machine, or give the container a network',
  );
}

/** The folder itself, or the nearest above it that exists. */
function existing(folder: string): string {
  let path = resolve(folder);
  while (!existsSync(path) && dirname(path) !== path) path = dirname(path);
  return path;
}
