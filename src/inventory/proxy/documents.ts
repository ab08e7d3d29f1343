import { isAbsolute, join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import type { Binding, ConfigReport, ReadBindings } from './binding.js';
import { openSources } from './sources.js';

/** Reads every YAML, JSON or TOML document of a configuration and finds bindings in each. */
function documents(
  find: (value: unknown, at: { readonly place: string; readonly folder: string }) => Iterable<Binding>,
): ReadBindings {
  return async (path, report) => {
    const sources = await openSources(path, report);
    const isFolder = sources.folder === path;
    const all = isFolder ? await sources.included('*', path) : [path];
    const files = isFolder ? all.filter((file) => /\.(?:ya?ml|json|toml)$/.test(file)) : all;
    const bindings: Binding[] = [];
    for (const file of files) {
      const text = await sources.read(file);
      if (text === null) continue;
      for (const value of valuesOf(text, file, report))
        bindings.push(...find(value, { place: file, folder: sources.folder }));
    }
    return bindings;
  };
}

function valuesOf(text: string, file: string, report: ConfigReport): readonly unknown[] {
  if (file.endsWith('.toml')) return [certFilesOfToml(text)];
  const parsed = parseAllDocuments(text, { merge: true });
  if (!Array.isArray(parsed)) return [];
  return parsed.flatMap((document) => {
    const [error] = document.errors;
    if (error !== undefined) report.error(file, `is no YAML: ${error.message.split('\n')[0] ?? ''}`);
    return error === undefined ? [document.toJS({ maxAliasCount: 1_000 }) as unknown] : [];
  });
}

/** Of TOML only the lines that name a certificate are read, which is all that is asked of it. */
function certFilesOfToml(text: string): unknown {
  const files = [...text.matchAll(/^\s*certFile\s*=\s*(?:"((?:\\.|[^"\\])*)"|'([^']*)')/gm)];
  return { tls: { certificates: files.map(([, double, single]) => ({ certFile: double ?? single })) } };
}

/** Traefik's dynamic configuration: https://doc.traefik.io/traefik/https/tls/. Names come from the certificates themselves. */
export const readTraefik = documents(function* (value, { place, folder }) {
  for (const [key, found] of everyValue(value)) {
    if (key !== 'certFile' || typeof found !== 'string') continue;
    const isInline = found.includes('-----BEGIN');
    yield {
      file: isInline ? null : absolute(folder, found),
      inline: isInline ? Buffer.from(found) : null,
      names: [],
      listens: [],
      place,
    };
  }
});

/**
 * Envoy's listeners and secrets: https://www.envoyproxy.io/docs/envoy/latest/api-v3/extensions/transport_sockets/tls/v3/common.proto.
 * The names are those of the filter chain; a secret of its own says none.
 */
export const readEnvoy = documents(function* (value, { place, folder }) {
  yield* certificatesOfEnvoy(value, { names: [], listens: [] }, { place, folder });
});

interface Around {
  readonly names: readonly string[];
  readonly listens: readonly string[];
}

function* certificatesOfEnvoy(
  value: unknown,
  around: Around,
  at: { readonly place: string; readonly folder: string },
): Generator<Binding, void, undefined> {
  if (Array.isArray(value)) for (const one of value) yield* certificatesOfEnvoy(one, around, at);
  if (!isRecord(value)) return;
  const names = stringsOf(recordOf(value['filter_chain_match'])['server_names']);
  const socket = recordOf(recordOf(value['address'])['socket_address']);
  const listen =
    socket['port_value'] === undefined ? [] : [`${text(socket['address'])}:${text(socket['port_value'])}`];
  const inner = {
    names: names.length > 0 ? names : around.names,
    listens: listen.length > 0 ? listen : around.listens,
  };
  const source = recordOf(value['certificate_chain']);
  const binding = (file: string | null, inline: Buffer | null): Binding => ({
    file,
    inline,
    place: at.place,
    ...inner,
  });
  if (typeof source['filename'] === 'string') yield binding(absolute(at.folder, source['filename']), null);
  else if (typeof source['inline_string'] === 'string')
    yield binding(null, Buffer.from(source['inline_string']));
  else if (typeof source['inline_bytes'] === 'string')
    yield binding(null, Buffer.from(source['inline_bytes'], 'base64'));
  for (const one of Object.values(value)) yield* certificatesOfEnvoy(one, inner, at);
}

const absolute = (folder: string, path: string): string => (isAbsolute(path) ? path : join(folder, path));
const text = (value: unknown): string =>
  typeof value === 'string' || typeof value === 'number' ? String(value) : '';

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function recordOf(value: unknown): Readonly<Record<string, unknown>> {
  return isRecord(value) ? value : {};
}

function stringsOf(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : [];
}

function* everyValue(value: unknown): Generator<readonly [string, unknown], void, undefined> {
  if (Array.isArray(value)) for (const one of value) yield* everyValue(one);
  if (!isRecord(value)) return;
  for (const [key, one] of Object.entries(value)) {
    yield [key, one];
    yield* everyValue(one);
  }
}
