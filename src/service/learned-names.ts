import type { StoreReader } from '../store/reader.js';

const pageSize = 1000;

/**
 * Names under these domains on certificates that are served or logged and have not expired. Wildcards are left out: nothing answers
 * under them.
 */
export async function* learnedNames(
  reader: Pick<StoreReader, 'listNames'>,
  domains: readonly string[],
  now: Date,
): AsyncGenerator<string, void, void> {
  for (const domain of outermost(domains)) {
    let cursor: string | null = null;
    do {
      const page: Awaited<ReturnType<StoreReader['listNames']>> = await reader.listNames(
        { hostSuffix: domain },
        { limit: pageSize, cursor },
      );
      for (const { name, notAfter } of page.items)
        if (isHost(name) && (notAfter === null || notAfter > now)) yield name;
      cursor = page.nextCursor;
    } while (cursor !== null);
  }
}

/** Without those that lie under another: their names would come twice. */
function outermost(domains: readonly string[]): readonly string[] {
  return domains.filter((domain) => !domains.some((other) => domain.endsWith(`.${other}`)));
}

/** What certificates hold is hostile text: only what can be looked up passes. */
function isHost(name: string): boolean {
  return (
    name.length <= 253 &&
    /^[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?)+$/.test(name)
  );
}
