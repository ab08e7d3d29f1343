import { mkdir, open, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';
import { jsonLine } from '../lib/json-line.js';
import { channelKind, type SendResult } from './channel.js';
import { done, sayable } from './http/receiver.js';
import { ecsOf } from './message/ecs.js';
import { ocsfOf } from './message/ocsf.js';
import { eventsOf } from './message/siem.js';

/** A file of JSON lines, one event a line, for shippers such as Filebeat, Fluent Bit and Vector. Synced before it counts as sent. */
export const jsonLines = channelKind({
  takes: 'stream',
  eventsPerMessage: 500,
  config: z.strictObject({
    type: z.literal('json-lines').describe('A file of JSON lines, rotated by size.'),
    path: z.string().min(1).describe('Path of the file. Rotated ones are called PATH.1, PATH.2 ...'),
    format: z
      .enum(['certglass', 'ecs', 'ocsf'])
      .default('certglass')
      .describe('`certglass` (docs/events.md), `ecs` (Elastic Common Schema) or `ocsf`.'),
    maxMiB: z
      .number()
      .min(0.001)
      .max(10_240)
      .default(100)
      .describe('Size in MiB above which the file is rotated.'),
    keep: z.number().int().min(0).max(1_000).default(5).describe('Rotated files that are kept.'),
  }),
  example: { type: 'json-lines', path: '/var/log/certglass/events.jsonl' },
  create(config, { name, log }) {
    const format = { certglass: (event: object) => event, ecs: ecsOf, ocsf: ocsfOf }[config.format] as (
      event: object,
    ) => object;
    return {
      async send(message): Promise<SendResult> {
        try {
          const lines = eventsOf(message).map((event) => `${jsonLine(format(event))}\n`);
          await mkdir(dirname(config.path), { recursive: true });
          await rotate(config);
          const file = await open(config.path, 'a', 0o640);
          try {
            await file.appendFile(lines.join(''));
            await file.sync();
          } finally {
            await file.close();
          }
          return done(lines.length === 1 ? '1 line' : `${lines.length} lines`);
        } catch (error) {
          const detail = sayable(error instanceof Error ? error.message : String(error), []);
          log.debug({ channel: name, delivery: message.id, detail }, 'events not written');
          return { ok: false, permanent: false, retryAfterMs: null, detail };
        }
      },
      async close() {},
    };
  },
});

async function rotate({ path, maxMiB, keep }: { path: string; maxMiB: number; keep: number }): Promise<void> {
  const size = await stat(path).then(
    (facts) => facts.size,
    () => 0,
  );
  if (size < maxMiB * 1_048_576) return;
  if (keep === 0) return rm(path);
  for (let number = keep; number > 0; number -= 1) {
    const from = number === 1 ? path : `${path}.${number - 1}`;
    await rename(from, `${path}.${number}`).catch((error: unknown) => {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    });
  }
}
