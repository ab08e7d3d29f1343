import { z } from 'zod';
import { configSchema } from './config.js';
import type { Shape } from "../lib/settings-shape.js";

/** The JSON Schema of the configuration, for editors. Ends with a line break. */
export function configJsonSchema(): string {
  const schema = { title: 'Certglass configuration', ...z.toJSONSchema(configSchema, { io: 'input' }) };
  return `${JSON.stringify(schema, null, 2)}\n`;
}

/** A configuration file that shows every key with its meaning and default. */
export function exampleConfig(): string {
  const shape = z.toJSONSchema(configSchema, { io: 'input' }) as Shape;
  const head = [
    '# yaml-language-server: $schema=./certglass.schema.json',
    '# Every key of Certglass with its default. All are optional: keep what you change.',
    '# ${NAME} in a value is replaced by that environment variable; secrets may also be file:PATH.',
    '# CERTGLASS__SECTION__KEY variables overlay the file, for example CERTGLASS__API__PORT=9000.',
  ];
  return `${[...head, ...section(shape, 0)].join('\n')}\n`;
}

function section(shape: Shape, depth: number): string[] {
  const indent = '  '.repeat(depth);
  return Object.entries(shape.properties ?? {}).flatMap(([key, inner]) => {
    const comment = [inner.description, choices(inner)].filter((part) => part !== undefined).join('; ');
    const lines = depth === 0 ? [''] : [];
    if (comment.length > 0) lines.push(...wrap(comment, indent));
    if (inner.properties !== undefined && !isOptional(inner))
      return [...lines, `${indent}${key}:`, ...section(inner, depth + 1)];
    lines.push(`${indent}${key}: ${JSON.stringify(defaultOf(inner))}`);
    return [...lines, ...elementExample(inner, depth)];
  });
}

/** The default; JSON Schema leaves it out where the value is transformed while it is read. */
export function defaultOf(shape: Shape): unknown {
  return shape.default ?? (shape.type === 'array' ? [] : shape.type === 'object' ? {} : null);
}

function isOptional(shape: Shape): boolean {
  return shape.default !== undefined && shape.default === null;
}

function choices(shape: Shape): string | undefined {
  const values = shape.enum ?? shape.anyOf?.find((choice) => choice.enum !== undefined)?.enum;
  return values === undefined ? undefined : `one of ${values.join(', ')}`;
}

/** For lists and maps of things: one commented example of each kind of element. */
function elementExample(shape: Shape, depth: number): string[] {
  const element =
    shape.items ?? (typeof shape.additionalProperties === 'object' ? shape.additionalProperties : undefined);
  if (element === undefined) return [];
  const kinds = element.oneOf ?? element.anyOf ?? [element];
  const indent = '  '.repeat(depth + 1);
  return kinds.flatMap((kind) => {
    const entries = Object.entries(kind.properties ?? {});
    const lead = shape.items === undefined ? [`# ${indent}NAME:`] : [];
    return [
      ...lead,
      ...entries.flatMap(([key, inner], index) => {
        const bullet = shape.items === undefined ? '  ' : index === 0 ? '- ' : '  ';
        const value = inner.const ?? defaultOf(inner);
        const required =
          kind.required?.includes(key) === true && inner.const === undefined ? ' (required)' : '';
        const about = [inner.description, choices(inner)].filter((part) => part !== undefined).join('; ');
        return [`# ${indent}${bullet}${key}: ${JSON.stringify(value)}   # ${about}${required}`.trimEnd()];
      }),
    ];
  });
}

function wrap(text: string, indent: string): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/\s+/)) {
    if (line.length > 0 && indent.length + line.length + word.length > 105) {
      lines.push(`${indent}# ${line}`);
      line = '';
    }
    line = line.length === 0 ? word : `${line} ${word}`;
  }
  return [...lines, `${indent}# ${line}`];
}
