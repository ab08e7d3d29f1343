import { isMap, isScalar, isSeq, LineCounter, parseDocument, type Document, type Node } from 'yaml';
import { z } from 'zod';
import { expandLists } from './settings-lists.js';
import type { Shape } from './settings-shape.js';
import { yamlFaults } from './yaml-faults.js';

/** What is wrong with settings: one sentence per fault, each with file, line, key and what to write instead. */
export class SettingsError extends Error {
  readonly faults: readonly string[];
  constructor(faults: readonly string[]) {
    super(faults.join('\n'));
    this.name = 'SettingsError';
    this.faults = faults;
  }
}

/** Where settings come from. */
export interface SettingsSource {
  /** Name for messages; null when there is no file. */
  readonly file: string | null;
  /** YAML text; empty when there is no file. */
  readonly text: string;
  /** Variables named `PREFIX__SECTION__KEY` overlay the file; any variable may be used as `${NAME}` in a value. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly prefix: string;
}

type Path = readonly (string | number)[];

interface Origin {
  /** `file:line` or the name of a variable. */
  place(path: Path): string;
}

/** Reads settings and checks them against `schema`. Throws {@link SettingsError} with every fault found. */
export function readSettings<S extends z.ZodType>(schema: S, source: SettingsSource): z.output<S> {
  const lines = new LineCounter();
  const document = parseDocument(source.text, { lineCounter: lines, uniqueKeys: true, prettyErrors: false });
  const file = source.file ?? '(defaults)';
  const syntax = yamlFaults(document, source.text, lines).map(
    ({ line, sentence }) => `${file}:${line}: ${sentence}`,
  );
  if (syntax.length > 0) throw new SettingsError(syntax);
  if (document.contents !== null && !isMap(document.contents)) {
    throw new SettingsError([`${file}:1: the top level must be "key: value" lines`]);
  }
  const faults: string[] = [];
  const place = (path: Path): string => `${file}:${lineOf(document, path, lines)}`;
  substituteVariables(document, source.environment, (node, sentence) => {
    faults.push(`${file}:${node.range ? lines.linePos(node.range[0]).line : 1}: ${sentence}`);
  });
  const shape = z.toJSONSchema(schema, { io: 'input' }) as Shape;
  const value = (document.toJS({ maxAliasCount: 100 }) ?? {}) as Record<string, unknown>;
  const overlaid = overlay(value, shape, source, faults);
  const origin: Origin = { place: (path) => overlaid.get(path.join('.')) ?? place(path) };
  expandLists(value, shape, (path, sentence) =>
    faults.push(`${origin.place(path)}: ${path.join('.')}: ${sentence}`),
  );
  if (faults.length > 0) throw new SettingsError(faults);
  const result = schema.safeParse(value);
  if (!result.success)
    throw new SettingsError(
      result.error.issues.flatMap((issue) => describeIssue(issue, shape, value, origin)),
    );
  return result.data;
}

/** Where the key at a path stands in a configuration that was read before, as `file:line`; the nearest key above it that is there. */
export function settingsPlace(file: string, text: string): (path: Path) => string {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  return (path) => `${file}:${lineOf(document, path, lines)}`;
}

function lineOf(document: Document, path: Path, lines: LineCounter): number {
  for (let length = path.length; length >= 0; length -= 1) {
    const node = nodeAt(document.contents, path.slice(0, length));
    if (node?.range) return lines.linePos(node.range[0]).line;
  }
  return 1;
}

/** The key's own node where there is one (its line is what the reader looks for), else the value's. */
function nodeAt(root: unknown, path: Path): Node | null {
  let node: unknown = root;
  let at: unknown = root;
  for (const step of path) {
    if (isMap(node)) {
      const pair = node.items.find((item) => isScalar(item.key) && String(item.key.value) === String(step));
      if (pair === undefined) return null;
      at = pair.key;
      node = pair.value;
    } else if (isSeq(node)) {
      node = node.items[Number(step)];
      at = node;
    } else return null;
  }
  return (at as Node | null | undefined) ?? null;
}

const variablePattern = /\$\{([A-Za-z_][A-Za-z0-9_]*)\}/g;

function substituteVariables(
  document: Document,
  environment: SettingsSource['environment'],
  complain: (node: Node, sentence: string) => void,
): void {
  const visit = (node: unknown): void => {
    if (isMap(node)) node.items.forEach((pair) => visit(pair.value));
    else if (isSeq(node)) node.items.forEach(visit);
    else if (isScalar(node) && typeof node.value === 'string') {
      node.value = node.value.replace(variablePattern, (whole, name: string) => {
        const value = environment[name];
        if (value === undefined)
          complain(node, `the variable ${name} is not set; export ${name} or write the value`);
        return value ?? whole;
      });
    }
  };
  visit(document.contents);
}

/** Lays variables over `value`; returns which path came from which variable. */
function overlay(
  value: Record<string, unknown>,
  shape: Shape,
  source: SettingsSource,
  faults: string[],
): Map<string, string> {
  const origins = new Map<string, string>();
  const prefix = `${source.prefix}__`;
  for (const [name, text] of Object.entries(source.environment)) {
    if (!name.startsWith(prefix) || text === undefined) continue;
    const path = findPath(shape, name.slice(prefix.length).split('__'));
    if (path === null) {
      faults.push(`${name}: there is no such key; names are ${prefix}SECTION__KEY`);
      continue;
    }
    let at: Record<string, unknown> = value;
    for (const step of path.slice(0, -1)) at = (at[step] ??= {}) as Record<string, unknown>;
    const parsed = parseDocument(text);
    at[path.at(-1) ?? ''] = parsed.errors.length > 0 ? text : parsed.toJS();
    origins.set(path.join('.'), name);
  }
  return origins;
}

function findPath(shape: Shape, segments: readonly string[]): string[] | null {
  const path: string[] = [];
  let at: Shape | undefined = shape;
  for (const segment of segments) {
    const wanted = segment.replaceAll('_', '').toLowerCase();
    const key: string | undefined = Object.keys(at?.properties ?? {}).find(
      (name) => name.toLowerCase() === wanted,
    );
    if (key === undefined) return null;
    path.push(key);
    at = at?.properties?.[key];
  }
  return path.length > 0 ? path : null;
}

function shapeAt(shape: Shape, path: Path, value: unknown): Shape | undefined {
  let at: Shape | undefined = shape;
  let current = value;
  for (const step of path) {
    at = narrow(at, current);
    at = typeof step === 'number' ? at?.items : (at?.properties?.[step] ?? recordShape(at));
    current = (current as Record<string | number, unknown> | undefined)?.[step];
  }
  return narrow(at, current);
}

function recordShape(shape: Shape | undefined): Shape | undefined {
  return typeof shape?.additionalProperties === 'object' ? shape.additionalProperties : undefined;
}

/** Of several shapes the one whose constant (the discriminator) fits, else the first with properties. */
function narrow(shape: Shape | undefined, value: unknown): Shape | undefined {
  const choices = shape?.oneOf ?? shape?.anyOf;
  if (choices === undefined) return shape;
  const fitting = choices.find((choice) =>
    Object.entries(choice.properties ?? {}).some(
      ([key, inner]) =>
        inner.const !== undefined && (value as Record<string, unknown> | null)?.[key] === inner.const,
    ),
  );
  return fitting ?? choices.find((choice) => choice.properties !== undefined) ?? shape;
}

function describeIssue(issue: z.core.$ZodIssue, shape: Shape, value: unknown, origin: Origin): string[] {
  const path = issue.path.map((step) => (typeof step === 'number' ? step : String(step)));
  const at = shapeAt(shape, path, value);
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => {
      const advice = adviseKey(key, at);
      return `${origin.place([...path, key])}: ${[...path, key].join('.')}: unknown key; ${advice}`;
    });
  }
  const found = path.reduce<unknown>(
    (node, step) => (node as Record<string | number, unknown> | null | undefined)?.[step],
    value,
  );
  const name = path.join('.') || '(top level)';
  return [`${origin.place(path)}: ${name}: ${sentenceOf(issue, found, at)}`];
}

function adviseKey(key: string, shape: Shape | undefined): string {
  const properties = Object.entries(shape?.properties ?? {});
  const known = [...properties.map(([name]) => name), ...(shape?.propertyNames?.enum ?? []).map(String)];
  const near = nearest(key, known);
  if (near !== null) return `did you mean ${near}?`;
  const [parent] = properties.find(([, inner]) => inner.properties?.[key] !== undefined) ?? [];
  if (parent !== undefined) return `did you mean ${parent}.${key}?`;
  return known.length === 0 ? 'no key is known here' : `known keys here: ${known.join(', ')}`;
}

/** What is wrong and what to write. A schema's own sentence says both; the library's is put in words, with what the key is for. */
function sentenceOf(issue: z.core.$ZodIssue, found: unknown, shape: Shape | undefined): string {
  if (issue.code === 'invalid_union' && 'discriminator' in issue && issue.discriminator !== undefined)
    return issue.message.replace(
      /^Invalid discriminator value\. Expected (.*)$/,
      (_, kinds: string) =>
        `${found === undefined ? 'is missing' : `there is no kind ${JSON.stringify(found)}`}; write one of ${kinds.replaceAll("'", '').replaceAll(' | ', ', ')}`,
    );
  if (!/^(?:Invalid|Too (?:small|big)|Unrecognized)/.test(issue.message)) return issue.message;
  const fault = found === undefined && issue.code === 'invalid_type' ? 'is missing' : faultOf(issue, shape);
  const example = shape?.default;
  const isExample = ['string', 'number', 'boolean'].includes(typeof example) && example !== '';
  return [
    isExample ? `${fault}; write for example ${JSON.stringify(example)}, the default` : fault,
    ...(shape?.description === undefined ? [] : [`meaning: ${shape.description}`]),
  ].join('; ');
}

function faultOf(issue: z.core.$ZodIssue, shape: Shape | undefined): string {
  const isOpen = 'inclusive' in issue && issue.inclusive === false;
  const isNumber = 'origin' in issue && ['number', 'int', 'bigint'].includes(String(issue.origin));
  if (issue.code === 'too_small' && isNumber)
    return `must be ${isOpen ? 'more than' : 'at least'} ${issue.minimum}`;
  if (issue.code === 'too_big' && isNumber)
    return `must be ${isOpen ? 'less than' : 'at most'} ${issue.maximum}`;
  if (shape?.enum !== undefined) return `must be one of ${shape.enum.map(String).join(', ')}`;
  if (issue.code === 'invalid_format' && issue.format === 'regex') return 'is not of the form it must have';
  return issue.message.replace(/^Invalid input: /, '').replace(/^Invalid input$/, 'is not understood');
}

function nearest(word: string, candidates: readonly string[]): string | null {
  let best: string | null = null;
  let bestDistance = Math.min(Math.max(2, Math.floor(word.length / 3)), word.length - 1) + 1;
  for (const candidate of candidates) {
    const distance = editDistance(word.toLowerCase(), candidate.toLowerCase());
    if (distance < bestDistance) [best, bestDistance] = [candidate, distance];
  }
  return best;
}

function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const substitution = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, substitution));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
