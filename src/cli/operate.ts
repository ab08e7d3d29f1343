import { findService, type RemoteOptions } from './find-service.js';
import { durationText } from '../lib/duration-text.js';
import { printable } from '../lib/printable.js';
import { parsePorts } from '../../scanners/tls/targets/expression.js';
import { postJson, type Remote } from './remote.js';
import { count } from './render-text.js';

/** Options of `certglass scans start`. */
export interface StartScanOptions extends RemoteOptions {
  readonly ports?: string;
  readonly depth?: string;
  readonly dryRun?: boolean;
}

interface Preview {
  readonly targets: readonly {
    readonly target: string;
    readonly endpoints: number | null;
    readonly refusal: string | null;
  }[];
  readonly endpoints: number;
  readonly seconds: number;
}

/** `certglass scans start TARGET...`: prints the id of the scan; with `dryRun` what it would probe, and 1 when it would refuse some. */
export async function startScan(targets: readonly string[], options: StartScanOptions): Promise<number> {
  const remote = findService(options, process.env);
  const asked = {
    targets,
    ports: options.ports === undefined ? null : parsePorts(options.ports),
    depth: options.depth ?? null,
  };
  if (options.dryRun === true) return preview(remote, asked);
  const { id } = await postJson(remote, '/api/v1/scans', asked);
  process.stdout.write(`${String(id)}\n`);
  process.stderr.write('started; see "certglass scans list"\n');
  return 0;
}

async function preview(remote: Remote, asked: Readonly<Record<string, unknown>>): Promise<number> {
  const said = (await postJson(remote, '/api/v1/scans?dryRun=true', asked)) as unknown as Preview;
  for (const { target, endpoints, refusal } of said.targets)
    process.stdout.write(
      `${printable(target)}: ${refusal === null ? (endpoints === null ? 'known once it is resolved' : count(endpoints, 'endpoint')) : printable(refusal)}\n`,
    );
  process.stdout.write(`${count(said.endpoints, 'endpoint')}, at least ${durationText(said.seconds)}\n`);
  return said.targets.some(({ refusal }) => refusal !== null) ? 1 : 0;
}

/** `certglass scans stop ID...`. 1 when some could not be stopped. */
export function stopScans(ids: readonly string[], options: RemoteOptions): Promise<number> {
  return forEach(ids, options, async (remote, id) => {
    await postJson(remote, `/api/v1/scans/${encodeURIComponent(id)}/stop`, {});
    return 'stopped';
  });
}

/** `certglass deliveries send-again ID...`. 1 when some could not be sent again. */
export function sendAgain(ids: readonly string[], options: RemoteOptions): Promise<number> {
  return forEach(ids, options, async (remote, id) => {
    const { channel } = await postJson(remote, `/api/v1/deliveries/${encodeURIComponent(id)}/send-again`, {});
    return `sent to ${String(channel)} again`;
  });
}

/** Does something for each id, and says what; what fails is a sentence, and does not keep the others. */
async function forEach(
  ids: readonly string[],
  options: RemoteOptions,
  work: (remote: Remote, id: string) => Promise<string>,
): Promise<number> {
  const remote = findService(options, process.env);
  let failures = 0;
  for (const id of ids) {
    try {
      process.stdout.write(`${printable(id)} ${await work(remote, id)}\n`);
    } catch (error) {
      failures += 1;
      process.stderr.write(
        `certglass: ${printable(id)}: ${error instanceof Error ? error.message : String(error)}\n`,
      );
    }
  }
  return failures === 0 ? 0 : 1;
}
