import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Remote } from './remote.js';

/** Options of the commands that ask a running service. */
export interface RemoteOptions {
  readonly url?: string;
  readonly token?: string;
  /** Data folder of the service; default `certglass-data` in the current folder. */
  readonly data?: string;
}

const usualUrl = 'http://127.0.0.1:8450';

/**
 * Which service to ask, and with which token: `--url` or CERTGLASS_URL; else the service that runs on the data folder, which leaves its
 * address and a token there; else the usual address.
 */
export function findService(
  { url, token, data }: RemoteOptions,
  environment: Readonly<Record<string, string | undefined>>,
): Remote {
  const local = runningOn(data ?? 'certglass-data');
  const named = url ?? environment['CERTGLASS_URL'];
  const given = token ?? environment['CERTGLASS_TOKEN'] ?? null;
  if (data !== undefined && local === null)
    throw new Error(`no Certglass runs on the data folder ${data}; start it, or give --url`);
  if (named !== undefined) return { url: named, token: given ?? (local?.url === named ? local.token : null) };
  if (local !== null) return { url: local.url, token: given ?? local.token };
  process.stderr.write(
    `certglass: no service runs on ./certglass-data, so ${usualUrl} is asked (see --data and --url)\n`,
  );
  return { url: usualUrl, token: given };
}

/** The service that runs on a data folder, by what it wrote there; null when none runs there, or another user's does. */
export function runningOn(folder: string): { readonly url: string; readonly token: string } | null {
  try {
    const { url, token, pid } = JSON.parse(readFileSync(join(folder, 'service.json'), 'utf8')) as Record<
      string,
      unknown
    >;
    if (typeof url !== 'string' || typeof token !== 'string' || typeof pid !== 'number') return null;
    process.kill(pid, 0);
    return { url, token };
  } catch {
    return null;
  }
}
