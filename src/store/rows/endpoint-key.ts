import type { Target } from '../../model/target.js';

/** The target an endpoint's key stands for (see `endpointKey`). Neither hosts nor server names hold a `|`; if one did, the host would get it. */
export function targetOfKey(key: string): Target {
  const parts = key.split('|');
  const [address = '', port = '', serverName = '', starttls = ''] = parts.slice(-4);
  return {
    host: parts.slice(0, -4).join('|'),
    address: orNull(address),
    port: Number(port),
    serverName: orNull(serverName),
    starttls: orNull(starttls) as Target['starttls'],
  };
}

/** The host in an endpoint's key. */
export function hostOfKey(key: string): string {
  return targetOfKey(key).host;
}

function orNull(text: string): string | null {
  return text === '' ? null : text;
}
