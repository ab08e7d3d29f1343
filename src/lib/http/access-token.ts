/** A token as a server gave it. */
export interface AccessToken {
  readonly value: string;
  /** null: it says nothing about its end. */
  readonly expiresAt: Date | null;
}

/** Hands out a token and renews it in time. */
export interface TokenSource {
  /** The current token; fetched when there is none or it is about to expire. Concurrent callers share one fetch. */
  get(signal: AbortSignal): Promise<string>;
  /** The server refused `value`: the next `get` fetches another, unless that was done meanwhile. */
  refused(value: string): void;
}

/** Renewed this long before its end, or after nine tenths of a short life. */
const marginMs = 60_000;

/** Keeps the token that `fetchToken` gives. `now` is replaceable for tests. */
export function createTokenSource(
  fetchToken: (signal: AbortSignal) => Promise<AccessToken>,
  now: () => Date = () => new Date(),
): TokenSource {
  let current: { readonly token: AccessToken; readonly renewAt: number } | null = null;
  let pending: Promise<string> | null = null;
  const renew = async (signal: AbortSignal): Promise<string> => {
    const fetchedAt = now().getTime();
    const token = await fetchToken(signal);
    const end = token.expiresAt?.getTime() ?? Infinity;
    current = { token, renewAt: end - Math.min(marginMs, (end - fetchedAt) / 10) };
    return token.value;
  };
  return {
    async get(signal) {
      if (current !== null && now().getTime() < current.renewAt) return current.token.value;
      pending ??= renew(signal).finally(() => {
        pending = null;
      });
      return pending;
    },
    refused(value) {
      if (current?.token.value === value) current = null;
    },
  };
}
