import { readBounded, readStreamBounded } from '../lib/read-bounded.js';
import { findService, type RemoteOptions } from './find-service.js';
import { postBytes } from './remote.js';

/** Options of `certglass inventory push`. */
export interface PushOptions extends RemoteOptions {
  readonly source: string;
  readonly owner?: string;
  readonly environment?: string;
  readonly replace?: boolean;
}

const maxBytes = 10_000_000;

/** `certglass inventory push FILE`: adds the certificates of a file to the inventory of a running service. Throws one sentence otherwise. */
export async function pushFile(file: string, options: PushOptions): Promise<number> {
  const content =
    file === '-'
      ? await readStreamBounded(process.stdin, maxBytes, 'standard input')
      : await readBounded(file, maxBytes);
  const query = new URLSearchParams();
  if (options.owner !== undefined) query.set('owner', options.owner);
  if (options.environment !== undefined) query.set('environment', options.environment);
  if (options.replace === true) query.set('replace', 'true');
  const remote = findService(options, process.env);
  const path = `/api/v1/inventory/${encodeURIComponent(options.source)}?${query.toString()}`;
  const { source, accepted, total } = await postBytes(remote, path, content);
  process.stdout.write(`${String(source)}: ${String(accepted)} accepted, ${String(total)} in all\n`);
  return 0;
}
