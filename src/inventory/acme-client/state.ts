import { readFile } from 'node:fs/promises';
import type { InventoryRenewal } from '../../model/inventory-item.js';

/** What the program says of one certificate beside it. */
export interface ClientState {
  readonly labels: Readonly<Record<string, string>>;
  readonly renewal: InventoryRenewal;
}

const calm: InventoryRenewal = {
  isAutomatic: true,
  dueAt: null,
  failedAt: null,
  failures: null,
  message: null,
};

/** Where a certificate lies, and how to read what is said of it. */
export interface Layout {
  /** Whether the file is a leaf certificate of the program; folders above it are part of the path. */
  isLeaf(path: string): boolean;
  /** Beside the certificate at `path`; null where the program says nothing. */
  stateOf(path: string): Promise<ClientState | null>;
}

/** certbot: live/NAME/cert.pem and renewal/NAME.conf. */
function certbot(path: string): Promise<ClientState | null> {
  const [, root = '', name = ''] = /^(.*)\/live\/([^/]+)\/cert\.pem$/.exec(path) ?? [];
  return settingsOf(`${root}/renewal/${name}.conf`, (settings) => ({
    labels: labelsOf({
      lineage: name,
      server: settings.get('server'),
      authenticator: settings.get('authenticator'),
    }),
    renewal: { ...calm, isAutomatic: settings.get('autorenew')?.toLowerCase() !== 'false' },
  }));
}

/** acme.sh: DOMAIN/DOMAIN.cer and DOMAIN/DOMAIN.conf; times are seconds since 1970. */
function acmeSh(path: string): Promise<ClientState | null> {
  return settingsOf(path.replace(/\.cer$/, '.conf'), (settings) => {
    const due = Number(settings.get('Le_NextRenewTime'));
    return {
      labels: labelsOf({ server: settings.get('Le_API'), validation: settings.get('Le_Webroot') }),
      renewal: { ...calm, dueAt: due > 0 ? new Date(due * 1_000) : null },
    };
  });
}

/** lego: certificates/NAME.crt and NAME.json. Renewal is up to whoever calls it. */
function lego(path: string): Promise<ClientState | null> {
  return documentOf(path.replace(/\.crt$/, '.json'), (value) => ({
    labels: labelsOf({ url: value['certUrl'] }),
    renewal: { ...calm, isAutomatic: null },
  }));
}

/** Caddy: certificates/ISSUER/NAME/NAME.crt and NAME.json. */
function caddy(path: string): Promise<ClientState | null> {
  const issuer = path.split('/').at(-3) ?? '';
  return documentOf(path.replace(/\.crt$/, '.json'), () => ({
    labels: labelsOf({ issuer }),
    renewal: calm,
  }));
}

/** By program. Traefik's acme.json is read apart. */
export const layouts: Readonly<Record<'certbot' | 'acme.sh' | 'lego' | 'caddy', Layout>> = {
  certbot: { isLeaf: (path) => /\/live\/[^/]+\/cert\.pem$/.test(path), stateOf: certbot },
  'acme.sh': {
    isLeaf: (path) => /\.cer$/.test(path) && !/\/(?:ca|fullchain)\.cer$/.test(path),
    stateOf: acmeSh,
  },
  lego: {
    isLeaf: (path) => /\/certificates\/[^/]+\.crt$/.test(path) && !path.endsWith('.issuer.crt'),
    stateOf: lego,
  },
  caddy: { isLeaf: (path) => /\/certificates\/[^/]+\/[^/]+\/[^/]+\.crt$/.test(path), stateOf: caddy },
};

function labelsOf(values: Readonly<Record<string, unknown>>): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(values).flatMap(([name, value]) =>
      typeof value === 'string' && value !== '' ? [[name, value.slice(0, 300)]] : [],
    ),
  );
}

/** `name = value` lines, values in quotes or not, as configuration files and shell scripts have them. */
async function settingsOf(
  path: string,
  state: (settings: ReadonlyMap<string, string>) => ClientState,
): Promise<ClientState | null> {
  const text = await readFile(path, 'utf8').catch(() => null);
  if (text === null) return null;
  const settings = new Map<string, string>();
  for (const line of text.split(/\r?\n/)) {
    const [, name, value = ''] = /^\s*([\w.-]+)\s*=\s*(.*?)\s*$/.exec(line) ?? [];
    if (name !== undefined) settings.set(name, value.replace(/^(['"])(.*)\1$/, '$2'));
  }
  return state(settings);
}

async function documentOf(
  path: string,
  state: (value: Readonly<Record<string, unknown>>) => ClientState,
): Promise<ClientState | null> {
  const text = await readFile(path, 'utf8').catch(() => null);
  try {
    const value: unknown = text === null ? null : JSON.parse(text);
    return typeof value === 'object' && value !== null ? state(value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}
