import { BlockedAddressError } from './errors.js';

/** Headers that say nothing about who asks; all others stay with the origin they were meant for. */
const harmless: ReadonlySet<string> = new Set(['accept', 'accept-encoding', 'accept-language', 'user-agent']);

/** The URL of an absolute http or https address; throws for anything else. */
export function httpUrl(text: string): URL {
  if (!URL.canParse(text)) throw new BlockedAddressError('not a URL');
  const url = new URL(text);
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    throw new BlockedAddressError(`only http and https are allowed, not ${url.protocol}`);
  return url;
}

/** Where a redirect leads. Throws {@link BlockedAddressError} from https to http, and for what is no http URL. */
export function redirectTarget(from: URL, location: string): URL {
  if (!URL.canParse(location, from.href))
    throw new BlockedAddressError('redirected to something that is no URL');
  const url = httpUrl(new URL(location, from).href);
  if (from.protocol === 'https:' && url.protocol !== 'https:')
    throw new BlockedAddressError('redirected from https to http, which is not followed');
  return url;
}

/** The headers to send on: all within one origin, only harmless ones to another, so that no credential travels. */
export function headersFor(
  from: URL,
  to: URL,
  headers: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  if (from.origin === to.origin) return headers;
  return Object.fromEntries(Object.entries(headers).filter(([name]) => harmless.has(name.toLowerCase())));
}
