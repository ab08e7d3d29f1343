import type { Dispatcher } from 'undici';
import { addressGuard } from './address-guard.js';
import { destination } from './destination.js';
import { BlockedAddressError } from './errors.js';
import {
  checkDestination,
  guardedConnector,
  guardedLookup,
  resolveBySystem,
  type ConnectorOptions,
  type OutboundRules,
} from './guarded-connect.js';
import { proxyAuthorization } from './tunnel.js';
import { Agent, request, type RequestOptions } from './undici.js';

/** Sends http requests through a proxy in absolute form (RFC 9112 section 3.2.2), for many proxies tunnel to port 443 only. */
export interface PlainProxy {
  /** Throws BlockedAddressError for a target that the rules forbid, as far as this machine can resolve its name. */
  request(url: URL, options: RequestOptions): Promise<Dispatcher.ResponseData>;
  close(): Promise<void>;
}

/** Opens the way through `proxy`, whose own address the operator chose and which is therefore not checked. */
export function createPlainProxy(rules: OutboundRules, proxy: string, options: ConnectorOptions): PlainProxy {
  const proxyUrl = new URL(proxy);
  const everything = {
    ...rules,
    allow: ['0.0.0.0/0', '::/0'],
    ports: null,
    proxy: null,
    clientCertificate: null,
  };
  const agent = new Agent({ connect: guardedConnector(everything, options), connections: 8 });
  const check = checkDestination(rules);
  const lookup = guardedLookup(addressGuard(rules), options.resolve ?? resolveBySystem);
  return {
    async request(url, sent) {
      const to = destination(url.hostname, url.port, url.protocol);
      check(to);
      await new Promise<void>((resolve, reject) => {
        lookup(to.host, { all: true }, (error) => {
          if (error instanceof BlockedAddressError) reject(error);
          else resolve();
        });
      });
      const headers = { ...sent.headers, host: url.host, ...proxyAuthorization(proxyUrl) };
      const path = `${url.origin}${url.pathname}${url.search}`;
      return request(agent, proxyUrl, { ...sent, headers }, path);
    },
    close: () => agent.destroy(),
  };
}
