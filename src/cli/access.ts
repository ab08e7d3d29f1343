import { userInfo } from 'node:os';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  createToken,
  credentialName,
  digestOf,
  newSecret,
  openCredentials,
  scopeShape,
  type Credentials,
  type TokenRecord,
} from '../api/access/credentials.js';
import { endSessionsOf } from '../api/access/sign-in.js';
import type { Role } from '../api/config.js';
import type { Config } from '../config/config.js';
import { jsonLine } from '../lib/json-line.js';
import { openConfig } from './open-config.js';

/** Options of every command on credentials. */
export interface AccessOptions {
  readonly config?: string;
}

const dayMs = 86_400_000;
const linkDays = 3;

/** `certglass token create NAME`: prints the secret alone on standard output, so that it can be piped. */
export function createTokenOf(
  name: string,
  options: AccessOptions & {
    readonly role: Role;
    readonly expires?: string;
    readonly domain?: readonly string[];
    readonly tag?: readonly string[];
  },
): Promise<number> {
  const { config, credentials } = open(options);
  checkName(name);
  const active = [...credentials.tokens.all().values()].some(
    (one) => one.name === name && one.revokedAt === null,
  );
  if (active || config.api.tokens.some((one) => one.name === name))
    throw new Error(`there is a token called ${name}; revoke it first, or choose another name`);
  const { domain = [], tag = [] } = options;
  const scope = domain.length + tag.length === 0 ? null : readScope(domain, tag);
  const expiresAt = options.expires === undefined ? null : readExpiry(options.expires, new Date());
  const { secret } = createToken(
    credentials,
    { name, role: options.role, scope, expiresAt, createdBy: userInfo().username },
    new Date(),
  );
  process.stdout.write(`${secret}\n`);
  return Promise.resolve(0);
}

/** `certglass token list`. */
export function listTokens(options: AccessOptions & { readonly json?: boolean }): Promise<number> {
  const { config, credentials } = open(options);
  const stored = [...credentials.tokens.all()].map(([id, record]) => ({
    ...line(record),
    id,
    lastUsedAt: credentials.used.all().get(id)?.at.toISOString() ?? null,
  }));
  const configured = config.api.tokens.map(({ name, role, expiresAt }) => ({
    ...{
      id: null,
      name,
      role,
      scope: null,
      expiresAt,
      createdAt: null,
      createdBy: null,
      revokedAt: null,
      lastUsedAt: null,
    },
  }));
  for (const token of [...configured, ...stored]) {
    if (options.json === true) process.stdout.write(`${jsonLine(token)}\n`);
    else process.stdout.write(`${tokenText(token)}\n`);
  }
  return Promise.resolve(0);
}

/** `certglass token revoke NAME`. Exit code 1 when there is none. */
export function revokeToken(name: string, options: AccessOptions): Promise<number> {
  const { credentials } = open(options);
  const found = [...credentials.tokens.all()].filter(
    ([id, record]) => record.revokedAt === null && (id === name || record.name === name),
  );
  for (const [id, record] of found) credentials.tokens.put(id, { ...record, revokedAt: new Date() });
  process.stdout.write(found.length === 0 ? `no token called ${name}\n` : `${name}: revoked\n`);
  return Promise.resolve(found.length === 0 ? 1 : 0);
}

/** `certglass user create NAME`: prints the link by which the user chooses a password. */
export function createUser(name: string, options: AccessOptions & { readonly role: Role }): Promise<number> {
  const { config, credentials } = open(options);
  checkName(name);
  const now = new Date();
  const known = credentials.users.all().get(name);
  const secret = newSecret();
  const setup = { digest: digestOf(secret), expiresAt: new Date(now.getTime() + linkDays * dayMs) };
  if (known !== undefined && known.removedAt === null) credentials.users.put(name, { ...known, setup });
  else {
    const common = { name, role: options.role, scope: null, createdAt: now, createdBy: userInfo().username };
    credentials.users.put(name, { ...common, password: null, setup, removedAt: null });
    endSessionsOf(credentials, name);
  }
  process.stdout.write(`${baseUrl(config)}/setup#${secret}\n`);
  process.stderr.write(`The link works once, until ${setup.expiresAt.toISOString()}.\n`);
  return Promise.resolve(0);
}

function open({ config: file }: AccessOptions): {
  readonly config: Config;
  readonly credentials: Credentials;
} {
  const config = openConfig(file ?? null, process.env);
  const complain = (sentence: string): void => void process.stderr.write(`certglass: ${sentence}\n`);
  return { config, credentials: openCredentials(config.store.dataDir, complain) };
}

/** Where browsers reach the console: as configured, else where the running service listens. */
function baseUrl({ api, store }: Config): string {
  if (api.publicUrl !== null) return api.publicUrl.replace(/\/$/, '');
  const path = join(store.dataDir, 'service.json');
  if (existsSync(path)) return (JSON.parse(readFileSync(path, 'utf8')) as { url: string }).url;
  return `${api.tls === null ? 'http' : 'https'}://${api.host}:${api.port}`;
}

function checkName(name: string): void {
  const read = credentialName.safeParse(name);
  if (!read.success) throw new Error(`${name}: ${read.error.issues[0]?.message ?? 'is no name'}`);
}

function readScope(domains: readonly string[], tags: readonly string[]): TokenRecord['scope'] {
  const read = scopeShape.safeParse({ domains: domains.map((one) => one.toLowerCase()), tags });
  if (read.success) return read.data;
  throw new Error(`--domain: ${read.error.issues[0]?.message ?? 'is no domain'}; write example.com`);
}

/** `90d`, or a date. */
function readExpiry(text: string, now: Date): Date {
  const days = /^(\d{1,5})d$/.exec(text)?.[1];
  const end = days === undefined ? new Date(text) : new Date(now.getTime() + Number(days) * dayMs);
  if (Number.isNaN(end.getTime()))
    throw new Error(`--expires ${text}: give a number of days such as 90d, or a date such as 2027-01-31`);
  if (end <= now) throw new Error(`--expires ${text} has passed`);
  return end;
}

function line({ name, role, scope, expiresAt, createdAt, createdBy, revokedAt }: TokenRecord) {
  const iso = (date: Date | null): string | null => date?.toISOString() ?? null;
  return {
    name,
    role,
    scope,
    expiresAt: iso(expiresAt),
    createdAt: iso(createdAt),
    createdBy,
    revokedAt: iso(revokedAt),
  };
}

interface TokenLine {
  readonly id: string | null;
  readonly name: string;
  readonly role: string;
  readonly scope: TokenRecord['scope'];
  readonly expiresAt: string | null;
  readonly revokedAt: string | null;
  readonly lastUsedAt: string | null;
}

function tokenText({ id, name, role, scope, expiresAt, revokedAt, lastUsedAt }: TokenLine): string {
  const limits =
    scope === null ? [] : [`only ${[...scope.domains, ...scope.tags.map((tag) => `tag ${tag}`)].join(', ')}`];
  const state = revokedAt === null ? `expires ${expiresAt ?? 'never'}` : `revoked ${revokedAt}`;
  return [
    name,
    role,
    ...limits,
    state,
    `last used ${lastUsedAt ?? 'never'}`,
    id ?? 'in the configuration',
  ].join('  ');
}
