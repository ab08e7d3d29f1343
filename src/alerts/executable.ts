import { spawn } from 'node:child_process';
import { isAbsolute } from 'node:path';
import { z } from 'zod';
import { jsonLine } from '../lib/json-line.js';
import { channelKind, type Message, type SendResult } from './channel.js';
import { done, sayable } from './http/receiver.js';
import { headlineOf } from './message/anatomy.js';

const maxOutput = 4_096;

/**
 * A program of the operator's: the message as JSON on standard input, no shell, arguments as configured. Exit code 0 is success; what it
 * writes to standard error is the reason otherwise.
 */
export const executable = channelKind({
  takes: 'digest',
  eventsPerMessage: 500,
  config: z.strictObject({
    type: z.literal('executable').describe('A program that gets the message as JSON on standard input.'),
    command: z
      .string()
      .refine(isAbsolute, 'must be an absolute path')
      .describe('Absolute path of the program.'),
    arguments: z
      .array(z.string())
      .max(50)
      .default([])
      .describe('Its arguments. They are not read by a shell.'),
    timeoutSeconds: z.number().min(1).max(600).default(60).describe('Seconds after which it is killed.'),
  }),
  example: { type: 'executable', command: '/usr/local/bin/page-someone', arguments: ['--team', 'web'] },
  create: (config) => ({
    send: (message, signal) => run(config, message, signal),
    async close() {},
  }),
});

function run(
  config: { command: string; arguments: readonly string[]; timeoutSeconds: number },
  message: Message,
  signal: AbortSignal,
): Promise<SendResult> {
  return new Promise((resolve) => {
    const fail = (detail: string): void =>
      resolve({ ok: false, permanent: false, retryAfterMs: null, detail: sayable(detail, []) });
    const deadline = AbortSignal.timeout(config.timeoutSeconds * 1000);
    const child = spawn(config.command, [...config.arguments], {
      shell: false,
      stdio: ['pipe', 'ignore', 'pipe'],
      // Nothing hostile: the id is ours, and the environment of the service stays with the service.
      env: {
        PATH: process.env['PATH'] ?? '',
        CERTGLASS_DELIVERY: message.id,
        CERTGLASS_ACTION: message.action,
      },
      signal: AbortSignal.any([signal, deadline]),
      killSignal: 'SIGKILL',
    });
    let said = '';
    child.stderr.on('data', (chunk: Buffer) => {
      if (said.length < maxOutput) said += chunk.toString();
    });
    child.once('error', (error) =>
      fail(deadline.aborted ? `killed after ${config.timeoutSeconds} seconds` : error.message),
    );
    child.once('close', (code, killedBy) =>
      code === 0
        ? resolve(done('exit code 0'))
        : fail(`exit code ${code ?? killedBy ?? 'none'}: ${said.trim()}`),
    );
    // It may not want to read.
    child.stdin
      .on('error', () => undefined)
      .end(`${jsonLine({ headline: headlineOf(message), ...message })}\n`);
  });
}
