/** What one check of `certglass doctor` found. */
export interface Check {
  /** What was checked, one or two words. */
  readonly check: string;
  /** `failed`: Certglass does not work properly; `warning`: it soon may not; `skipped`: there was nothing to check. */
  readonly result: 'ok' | 'warning' | 'failed' | 'skipped';
  /** What was found, with its figures. */
  readonly detail: string;
  /** What to do; null when nothing. */
  readonly advice: string | null;
}

/** A check with nothing to do. */
export function ok(check: string, detail: string): Check {
  return { check, result: 'ok', detail, advice: null };
}

/** A check that there was no reason for. */
export function skipped(check: string, detail: string): Check {
  return { check, result: 'skipped', detail, advice: null };
}

/** A check that found something to do. */
export function bad(check: string, result: 'warning' | 'failed', detail: string, advice: string): Check {
  return { check, result, detail, advice };
}

/** Runs a check that may throw: a failure of the check itself is a warning. */
export async function guarded(check: string, run: () => Promise<Check> | Check): Promise<Check> {
  try {
    return await run();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return bad(check, 'warning', `could not be checked: ${reason}`, 'check it by hand');
  }
}
