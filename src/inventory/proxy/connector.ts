import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { inventoryFacts, type InventoryItem } from '../../model/inventory-item.js';
import { isUnreadable } from '../../model/certificate.js';
import { readBundle } from '../../x509/files/bundle.js';
import type { Connector, ConnectorKind, ReadCertificate } from '../connector.js';
import { certificatesIn } from '../reading/certificate-file.js';
import { reportTo, type Report } from '../reading/report.js';
import { itemOf } from '../reading/row.js';
import { sentence } from '../reading/sentence.js';
import { isKeyName, walk } from '../reading/walk.js';
import { readApache } from './apache.js';
import type { Binding, ReadBindings } from './binding.js';
import { proxyConfig, type ProxyConfig } from './config.js';
import { readEnvoy, readTraefik } from './documents.js';
import { readHaproxy } from './haproxy.js';
import { readNginx } from './nginx.js';

const readers: Readonly<Record<ProxyConfig['program'], ReadBindings>> = {
  nginx: readNginx,
  apache: readApache,
  haproxy: readHaproxy,
  envoy: readEnvoy,
  traefik: readTraefik,
};

/** All places that bind one certificate file. */
interface Bound {
  readonly first: Binding;
  readonly names: Set<string>;
  readonly uses: Set<string>;
}

const mostUses = 100;

function createProxy({ program, path }: ProxyConfig, source: string, read: ReadCertificate): Connector {
  return {
    name: source,
    async *list(signal, onError, options) {
      const report = reportTo(onError, options);
      const bindings = await readers[program](resolve(path), {
        error: (place, problem) => report.error(sentence(place, problem)),
        note: (place, problem) => report.note(sentence(place, problem)),
      });
      if (bindings.length === 0) report.note(sentence(path, `binds no certificate of ${program}`));
      const reading: Reading = { program, source, read, report };
      for (const bound of byFile(bindings).values()) {
        signal.throwIfAborted();
        yield* itemsOf(bound, reading, signal);
      }
    },
  };
}

/** What reading bound certificates takes. */
interface Reading {
  readonly program: string;
  readonly source: string;
  readonly read: ReadCertificate;
  readonly report: Report;
}

function byFile(bindings: readonly Binding[]): ReadonlyMap<string, Bound> {
  const bound = new Map<string, Bound>();
  for (const binding of bindings) {
    const key = binding.file ?? `${binding.place} ${binding.inline?.toString('base64') ?? ''}`;
    const known = bound.get(key) ?? { first: binding, names: new Set(), uses: new Set() };
    bound.set(key, known);
    for (const name of binding.names) known.names.add(name.toLowerCase());
    known.uses.add(useOf(binding));
  }
  return bound;
}

/** For example `www.example.com, shop.example.com on 443 ssl (sites/www.conf:12)`. */
function useOf({ names, listens, place }: Binding): string {
  const who =
    names.length === 0 ? 'default' : names.slice(0, 5).join(', ') + (names.length > 5 ? ' ...' : '');
  return `${who}${listens.length === 0 ? '' : ` on ${listens.join(', ')}`} (${place})`;
}

async function* itemsOf(
  bound: Bound,
  { program, source, read, report }: Reading,
  signal: AbortSignal,
): AsyncGenerator<InventoryItem, void, undefined> {
  const { file, inline, place } = bound.first;
  const facts = (reference: string) =>
    inventoryFacts({
      source,
      reference,
      names: [...bound.names].slice(0, mostUses),
      inUseBy: [...bound.uses].slice(0, mostUses),
      labels: { program },
    });
  if (inline !== null) {
    const [leaf] = readBundle(inline).items;
    const certificate = leaf === undefined || leaf.problem !== null ? null : read(leaf.der);
    if (certificate === null || isUnreadable(certificate))
      report.error(sentence(place, 'holds a certificate that cannot be read'));
    else yield itemOf(certificate, facts(place));
    return;
  }
  if (file === null) return;
  try {
    const isFolder = (await stat(file)).isDirectory();
    const files = walk(file, { recursive: false, ignore: isFolder ? haproxyIgnores : [] }, signal, report);
    for await (const one of files) {
      if (isFolder && isKeyName(one.path)) continue;
      // The first of a file is the leaf; what follows is its chain.
      for await (const found of certificatesIn(
        { ...one, named: true },
        { read, passwords: [], report },
        signal,
      )) {
        yield itemOf(found.certificate, facts(one.path));
        break;
      }
    }
  } catch (error) {
    signal.throwIfAborted();
    report.error(`${sentence(file, error)} (bound at ${place})`);
  }
}

/** Files that HAProxy loads beside a certificate, not as one. */
const haproxyIgnores = ['.key', '.ocsp', '.sctl', '.issuer', '.dh'];

/** Web servers and proxies whose configuration says which certificate is bound to which name. */
export const proxy: ConnectorKind<typeof proxyConfig> = {
  config: proxyConfig,
  defaultName: ({ program, path }) => `${program}:${path}`,
  create: createProxy,
};
