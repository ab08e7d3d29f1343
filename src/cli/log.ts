import { destination, pino, stdSerializers, type Logger } from 'pino';
import type { Config } from '../config/config.js';
import { lookOf } from './look.js';
import { logLine } from './log-line.js';

/** The standard error stream, as far as a log needs it. */
interface LogStream {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
  on?(event: 'error', listener: () => void): unknown;
}

/** The log of the service on standard error: readable lines on a terminal, JSON elsewhere, or what `log.format` says. */
export function createLog(
  { level, format }: Config['log'],
  stream: LogStream,
  environment: Readonly<Record<string, string | undefined>>,
): Logger {
  const options = {
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    serializers: { err: withoutStack },
  };
  const isText = format === 'text' || (format === 'auto' && stream.isTTY === true);
  if (!isText) {
    // A reader of the log that went away must not end the service.
    return pino(
      options,
      destination({ fd: 2, sync: true }).on('error', () => undefined),
    );
  }
  stream.on?.('error', () => undefined);
  return pino(options, {
    write: (line: string) => void stream.write(`${logLine(line, lookOf(stream, environment))}\n`),
  });
}

/** Where a failure stands in the code helps with faults of the code only: what the system or an operator got wrong has its sentence. */
function withoutStack(error: unknown): unknown {
  const said = stdSerializers.err(error as Error) as unknown as Record<string, unknown>;
  const isOurs = error instanceof TypeError || error instanceof ReferenceError || error instanceof RangeError;
  if (isOurs || !(error instanceof Error)) return said;
  const { stack: _stack, ...rest } = said;
  return rest;
}
