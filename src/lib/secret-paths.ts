import { z } from 'zod';

/**
 * Paths of the values that a schema marks as `writeOnly`, for example `api.tokens.*.token`: `*` stands for any item of a list or key of a
 * record. Looks through defaults, unions and transforms.
 */
export function secretPaths(schema: z.ZodType): ReadonlySet<string> {
  const found = new Set<string>();
  walk(schema, [], found);
  return found;
}

/** The value with everything at one of these paths replaced by `mask`; what is null or empty stays. */
export function withoutSecrets(value: unknown, paths: ReadonlySet<string>, mask: string): unknown {
  return masked(value, [], paths, mask);
}

/** Every text at one of these paths, for example to take it out of a log. */
export function secretsIn(value: unknown, paths: ReadonlySet<string>): readonly string[] {
  const found: string[] = [];
  const marked = withoutSecrets(value, paths, '');
  const compare = (before: unknown, after: unknown): void => {
    if (typeof before === 'string' && after === '' && before !== '') found.push(before);
    if (typeof before !== 'object' || before === null || before instanceof Date) return;
    for (const [key, part] of Object.entries(before))
      compare(
        part,
        typeof after === 'object' && after !== null ? (after as Record<string, unknown>)[key] : after,
      );
  };
  compare(value, marked);
  return found;
}

function masked(value: unknown, path: readonly string[], paths: ReadonlySet<string>, mask: string): unknown {
  if (value === null || value === undefined || value === '') return value;
  if (paths.has(path.join('.'))) return mask;
  if (Array.isArray(value)) return value.map((item) => masked(item, [...path, '*'], paths, mask));
  if (typeof value !== 'object' || value instanceof Date) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, part]) => {
      const own = paths.has([...path, key].join('.')) || hasBelow(paths, [...path, key]);
      return [key, masked(part, [...path, own ? key : '*'], paths, mask)];
    }),
  );
}

function hasBelow(paths: ReadonlySet<string>, path: readonly string[]): boolean {
  const prefix = `${path.join('.')}.`;
  return [...paths].some((one) => one.startsWith(prefix));
}

function walk(schema: z.core.$ZodType, path: readonly string[], found: Set<string>): void {
  if (z.globalRegistry.get(schema)?.['writeOnly'] === true) found.add(path.join('.'));
  for (const [step, inner] of innerSchemas(schema))
    walk(inner, step === null ? path : [...path, step], found);
}

/** Schemas inside of a schema, with the step of the path that leads there; null: the same value. */
function innerSchemas(schema: z.core.$ZodType): readonly (readonly [string | null, z.core.$ZodType])[] {
  if (schema instanceof z.ZodObject) return Object.entries(schema.shape);
  if (schema instanceof z.ZodArray) return [['*', schema.element]];
  if (schema instanceof z.ZodRecord) return [['*', schema.valueType]];
  if (schema instanceof z.ZodUnion) return schema.options.map((option) => [null, option] as const);
  if (schema instanceof z.ZodPipe)
    return [
      [null, schema.in],
      [null, schema.out],
    ];
  if (
    schema instanceof z.ZodOptional ||
    schema instanceof z.ZodNullable ||
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodPrefault ||
    schema instanceof z.ZodReadonly
  )
    return [[null, schema.unwrap()]];
  return [];
}
