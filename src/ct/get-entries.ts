import { MalformedError } from './bytes.js';

/** Where the base64 text of one entry lies in a get-entries answer (quotes excluded). */
export interface EntryText {
  readonly leafStart: number;
  readonly leafEnd: number;
  readonly extraStart: number;
  readonly extraEnd: number;
}

const quote = 0x22;
const comma = 0x2c;
const colon = 0x3a;
const openArray = 0x5b;
const backslash = 0x5c;
const closeArray = 0x5d;
const openObject = 0x7b;
const closeObject = 0x7d;

/** Deepest nesting of values that are skipped; real answers have none. */
const maxDepth = 32;

const leafInput = Buffer.from('leaf_input');
const extraData = Buffer.from('extra_data');
const entriesKey = Buffer.from('entries');

/**
 * Finds the entries in the JSON answer of get-entries (RFC 6962 section 4.6) without building a value: JSON.parse would copy
 * every certificate twice and let a hostile answer allocate without bound. Unknown members are skipped, and so are entries
 * beyond the `most` that were asked for: which entries they are the signed root tells. Throws {@link MalformedError}.
 */
export function locateEntries(json: Buffer, most: number): EntryText[] {
  const found: EntryText[] = [];
  const hasEscapes = json.includes(backslash);
  let at = skipSpace(json, 0);
  let seen = false;
  at = eachMember(json, at, (keyStart, keyEnd, value) => {
    if (!isKey(json, keyStart, keyEnd, entriesKey)) return skipValue(json, value, 0);
    seen = true;
    return eachElement(json, value, (element) => {
      return found.length < most ? readEntry(json, element, hasEscapes, found) : skipValue(json, element, 0);
    });
  });
  if (!seen || skipSpace(json, at) !== json.length) throw malformed('not one object with entries', at);
  return found;
}

function readEntry(json: Buffer, start: number, hasEscapes: boolean, found: EntryText[]): number {
  let leaf: number[] = [];
  let extra: number[] = [];
  const end = eachMember(json, start, (keyStart, keyEnd, value) => {
    const isLeaf = isKey(json, keyStart, keyEnd, leafInput);
    if (!isLeaf && !isKey(json, keyStart, keyEnd, extraData)) return skipValue(json, value, 0);
    if (json[value] !== quote && !isLeaf) return skipValue(json, value, 0);
    if (json[value] !== quote) throw malformed('text expected', value);
    const end = endOfString(json, value);
    const textEnd = hasEscapes ? unescapedEnd(json, value, end - 1) : end - 1;
    if (isLeaf) leaf = [value + 1, textEnd];
    else extra = [value + 1, textEnd];
    return end;
  });
  const [leafStart, leafEnd] = leaf;
  if (leafStart === undefined || leafEnd === undefined) throw malformed('entry without leaf_input', start);
  found.push({ leafStart, leafEnd, extraStart: extra[0] ?? 0, extraEnd: extra[1] ?? 0 });
  return end;
}

/** Calls `member` for each member of the object at `at` with the places of key and value; it answers where the value ends. */
function eachMember(
  json: Buffer,
  at: number,
  member: (keyStart: number, keyEnd: number, value: number) => number,
): number {
  if (json[at] !== openObject) throw malformed('object expected', at);
  let next = skipSpace(json, at + 1);
  if (json[next] === closeObject) return next + 1;
  for (;;) {
    if (json[next] !== quote) throw malformed('key expected', next);
    const keyEnd = endOfString(json, next);
    const colonAt = skipSpace(json, keyEnd);
    if (json[colonAt] !== colon) throw malformed('colon expected', colonAt);
    const after = skipSpace(json, member(next + 1, keyEnd - 1, skipSpace(json, colonAt + 1)));
    if (json[after] === closeObject) return after + 1;
    if (json[after] !== comma) throw malformed('comma expected', after);
    next = skipSpace(json, after + 1);
  }
}

function eachElement(json: Buffer, at: number, element: (at: number) => number): number {
  if (json[at] !== openArray) throw malformed('array expected', at);
  let next = skipSpace(json, at + 1);
  if (json[next] === closeArray) return next + 1;
  for (;;) {
    const after = skipSpace(json, element(next));
    if (json[after] === closeArray) return after + 1;
    if (json[after] !== comma) throw malformed('comma expected', after);
    next = skipSpace(json, after + 1);
  }
}

function skipValue(json: Buffer, at: number, depth: number): number {
  if (depth > maxDepth) throw malformed('nested too deeply', at);
  const first = json[at];
  if (first === quote) return endOfString(json, at);
  if (first === openArray) return eachElement(json, at, (element) => skipValue(json, element, depth + 1));
  if (first === openObject)
    return eachMember(json, at, (_start, _end, value) => skipValue(json, value, depth + 1));
  const word = /^(?:true|false|null|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)/.exec(
    json.toString('latin1', at, at + 64),
  );
  if (word === null) throw malformed('value expected', at);
  return at + word[0].length;
}

/** First place after the closing quote of the string whose opening quote is at `at`. */
function endOfString(json: Buffer, at: number): number {
  let end = json.indexOf(quote, at + 1);
  while (end > 0 && isEscaped(json, end)) end = json.indexOf(quote, end + 1);
  if (end < 0) throw malformed('text without end', at);
  return end + 1;
}

function isEscaped(json: Buffer, at: number): boolean {
  let slashes = 0;
  while (json[at - 1 - slashes] === backslash) slashes += 1;
  return slashes % 2 === 1;
}

/**
 * End of the text of the string from `at` to `end`, escapes resolved in place. Some encoders write `\/`, which base64 text is full of;
 * the text then ends earlier than its string did.
 */
function unescapedEnd(json: Buffer, at: number, end: number): number {
  const text = json.subarray(at + 1, end);
  if (!text.includes(backslash)) return end;
  return at + 1 + json.write(parseString(json.toString('latin1', at, end + 1), at), at + 1, 'latin1');
}

function parseString(literal: string, at: number): string {
  try {
    return JSON.parse(literal) as string;
  } catch (cause) {
    throw new MalformedError(`get-entries: bad escape in the text at byte ${at}`, { cause });
  }
}

function isKey(json: Buffer, start: number, end: number, key: Buffer): boolean {
  if (end - start !== key.length) return false;
  for (let at = 0; at < key.length; at += 1) if (json[start + at] !== key[at]) return false;
  return true;
}

function skipSpace(json: Buffer, at: number): number {
  let next = at;
  for (
    let byte = json[next];
    byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
    byte = json[next]
  )
    next += 1;
  return next;
}

function malformed(what: string, at: number): MalformedError {
  return new MalformedError(`get-entries: ${what} at byte ${at}`);
}
