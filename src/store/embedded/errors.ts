import { StatementError } from './statement.js';

const statuses: Readonly<Record<number, number>> = {
  62: 400,
  73: 400,
  81: 404,
  60: 404,
  115: 404,
  164: 403,
  202: 503,
  241: 500,
  307: 413,
  344: 403,
  456: 400,
  516: 401,
};

/** An error in the form ClickHouse's HTTP interface gives it: status, number, and `Code: N. DB::Exception: text (TYPE)`. */
export function describeError(error: unknown): { status: number; code: number; text: string } {
  if (error instanceof StatementError) {
    return {
      status: statuses[error.code] ?? 500,
      code: error.code,
      text: `Code: ${error.code}. DB::Exception: ${error.message}. (${error.type})`,
    };
  }
  const message = error instanceof Error ? error.message : String(error);
  const code = /Code: (\d+)\. DB::Exception/.exec(message)?.[1];
  if (code !== undefined) {
    const text = message.slice(message.indexOf('Code: '));
    return { status: statuses[Number(code)] ?? 500, code: Number(code), text };
  }
  return { status: 500, code: 1002, text: `Code: 1002. DB::Exception: ${message}. (UNKNOWN_EXCEPTION)` };
}
