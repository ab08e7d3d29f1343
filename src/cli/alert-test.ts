import { pino } from 'pino';
import type { Config } from '../config/config.js';
import { channelName, openChannels } from '../delivery/config.js';
import { sampleMessage } from '../delivery/sample.js';
import { jsonLine } from '../lib/json-line.js';
import { printable } from '../lib/printable.js';
import { alertWords } from '../service/alert-words.js';
import { findService, runningOn, type RemoteOptions } from './find-service.js';
import type { Output } from './inspect.js';
import { openConfig } from './open-config.js';
import { postJson, type Remote } from './remote.js';

interface TestOptions extends RemoteOptions {
  readonly config?: string;
  readonly json?: boolean;
}

/** What became of one sample; as the API answers it. */
interface Outcome {
  readonly channel: string;
  readonly ok: boolean;
  readonly partial: boolean;
  readonly detail: string;
  readonly seconds: number;
}

const timeoutMs = 60_000;

/**
 * `certglass alert test CHANNEL...`: sends each channel a sample, through the running service or, when `--config` is given and no service runs on
 * its data folder, straight from the configuration; prints what the receivers answered. Answers the exit code: 0 all
 * accepted it, 1 some did not.
 */
export async function testChannels(
  names: readonly string[],
  options: TestOptions,
  output: Output = process,
): Promise<number> {
  const send = senderOf(options);
  let failures = 0;
  for (const name of names) {
    const outcome = await send(name);
    if (!outcome.ok || outcome.partial) failures += 1;
    output.stdout.write(options.json === true ? `${jsonLine(outcome)}\n` : sentence(outcome));
  }
  return failures === 0 ? 0 : 1;
}

function senderOf(options: TestOptions): (name: string) => Promise<Outcome> {
  const { config: file, url, data } = options;
  if (file === undefined || url !== undefined || data !== undefined)
    return (name) => byService(findService(options, process.env), name);
  const config = openConfig(file, process.env);
  const running = runningOn(config.store.dataDir);
  if (running === null) return (name) => byConfig(config, name, file);
  return (name) => byService({ ...running, token: options.token ?? running.token }, name);
}

async function byService(remote: Remote, name: string): Promise<Outcome> {
  const answer = await postJson(remote, `/api/v1/channels/${encodeURIComponent(name)}/test`, {});
  return answer as unknown as Outcome;
}

async function byConfig(config: Config, name: string, file: string): Promise<Outcome> {
  const { alerts } = config;
  const wanted = alerts.channels.filter((one) => channelName(one) === name);
  const [open] = openChannels({ ...alerts, channels: wanted }, pino({ level: 'silent' }));
  if (open === undefined)
    throw new Error(
      `there is no channel ${name}; ${file} has: ${alerts.channels.map(channelName).join(', ') || 'none'}`,
    );
  const startedAt = new Date();
  try {
    const sample = sampleMessage(startedAt, alertWords(alerts, config.policy));
    const { ok, partial, detail } = await open.channel.send(sample, AbortSignal.timeout(timeoutMs));
    const seconds = (Date.now() - startedAt.getTime()) / 1000;
    return { channel: name, ok, partial: partial === true, detail, seconds };
  } finally {
    await open.channel.close();
  }
}

function sentence({ channel, ok, partial, detail, seconds }: Outcome): string {
  const result = partial ? 'accepted for some recipients only' : ok ? 'accepted' : 'not delivered';
  return `${printable(channel, 80)}: ${result} after ${seconds.toFixed(1)} s: ${printable(detail, 400)}\n`;
}
