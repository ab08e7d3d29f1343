import { isDeepStrictEqual } from 'node:util';
import { secretPaths, withoutSecrets } from '../lib/secret-paths.js';
import { configSchema, type Config } from './config.js';

/** One setting as it is in force. */
export interface Setting {
  /** For example `scan.rate.global`. */
  readonly key: string;
  /** Secrets are replaced by a row of dots. */
  readonly value: unknown;
  readonly default: unknown;
  /** Where the value comes from; `file` also stands for the command line. */
  readonly origin: 'default' | 'environment' | 'file';
}

const mask = '••••••••';

/** Every setting in force, secrets hidden, with where it comes from. Lists are one setting. */
export function describeConfig(
  config: Config,
  environment: Readonly<Record<string, string | undefined>>,
): readonly Setting[] {
  const secrets = secretPaths(configSchema);
  const actual = flatten(withoutSecrets(config, secrets, mask), []);
  const usual = new Map(flatten(withoutSecrets(configSchema.parse({}), secrets, mask), []));
  const given = new Set(Object.keys(environment));
  return actual.map(([key, value]) => ({
    key,
    value,
    default: usual.get(key) ?? null,
    origin: given.has(`CERTGLASS__${key.replaceAll('.', '__').toUpperCase()}`)
      ? 'environment'
      : isDeepStrictEqual(usual.get(key), value)
        ? 'default'
        : 'file',
  }));
}

function flatten(value: unknown, path: readonly string[]): readonly (readonly [string, unknown])[] {
  const isSection = typeof value === 'object' && value !== null && !Array.isArray(value);
  if (!isSection || Object.keys(value).length === 0) return [[path.join('.'), value]];
  return Object.entries(value).flatMap(([key, part]) => flatten(part, [...path, key]));
}
