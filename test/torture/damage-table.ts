import {
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';

/** A damage of the data folder, and what is promised about it. */
export interface Damage {
  readonly what: string;
  readonly does: (folder: string) => void;
  /** `repaired`: nothing is lost, and it is reported. `harmless`: nothing is lost, and nothing needs saying. `reported`, `refused`: as they say. */
  readonly then: 'repaired' | 'harmless' | 'reported' | 'refused';
  /** A part of what is said; null for what is harmless. */
  readonly says: string | null;
}

const garbage = Buffer.alloc(100, 0xff);
const engine = (folder: string, ...path: readonly string[]): string => join(folder, 'engine', ...path);
const table = (folder: string, name: string): string =>
  realpathSync(engine(folder, 'data', 'certglass', name));
const definition = (folder: string, name: string): string =>
  join(realpathSync(engine(folder, 'metadata', 'certglass')), `${name}.sql`);

/** The folder of the largest part of the looks. */
function part(folder: string): string {
  const dir = table(folder, 'observations');
  const names = readdirSync(dir).filter((name) => name.startsWith('2026'));
  const rows = (name: string): number => Number(readFileSync(join(dir, name, 'count.txt'), 'utf8'));
  return join(dir, String(names.toSorted((a, b) => rows(b) - rows(a))[0]));
}

const remove = (path: string): void => rmSync(path, { recursive: true });
const empty = (dir: string): void => readdirSync(dir).forEach((name) => remove(join(dir, name)));
const batch = (folder: string): string => join(folder, 'spool', '000000000001-000000000001.batch');
function token(folder: string): string {
  const dir = join(folder, 'access', 'tokens');
  return join(dir, String(readdirSync(dir)[0]));
}

/** Every damage that the torture run tries; docs/damage.md is made of it. */
export const damageTable: readonly Damage[] = [
  {
    what: 'a table’s definition is missing',
    does: (f) => remove(definition(f, 'observations')),
    then: 'repaired',
    says: 'was missing and was brought back from a copy',
  },
  {
    what: 'a table’s definition is empty',
    does: (f) => truncateSync(definition(f, 'observations'), 0),
    then: 'repaired',
    says: 'was damaged and was brought back from a copy',
  },
  {
    what: 'a table’s definition is cut off',
    does: (f) => truncateSync(definition(f, 'findings'), 200),
    then: 'repaired',
    says: 'was damaged and was brought back from a copy',
  },
  {
    what: 'a table’s definition holds other bytes',
    does: (f) => writeFileSync(definition(f, 'sightings'), garbage),
    then: 'repaired',
    says: 'was damaged and was brought back from a copy',
  },
  {
    what: 'a view’s definition is missing',
    does: (f) => remove(definition(f, 'serving_feed')),
    then: 'repaired',
    says: 'was missing and was brought back from a copy',
  },
  {
    what: 'a view’s definition is missing, and so is the note of what the database holds',
    does: (f) => {
      remove(definition(f, 'serving_feed'));
      remove(join(f, 'store-ledger.json'));
    },
    then: 'repaired',
    says: 'the view serving_feed was missing and was made again',
  },
  {
    what: 'a table’s definition is missing, and so is the note',
    does: (f) => {
      remove(definition(f, 'observations'));
      remove(join(f, 'store-ledger.json'));
    },
    then: 'refused',
    says: 'lacks the table observations, whose definition is missing; move',
  },
  {
    what: 'a table’s definition is damaged, and the note is missing',
    does: (f) => {
      writeFileSync(definition(f, 'observations'), garbage);
      remove(join(f, 'store-ledger.json'));
    },
    then: 'refused',
    says: 'the definition of table observations is damaged',
  },
  {
    what: 'the database’s definition is missing',
    does: (f) => remove(engine(f, 'metadata', 'certglass.sql')),
    then: 'repaired',
    says: 'was missing and was brought back from a copy',
  },
  {
    what: 'the database’s definition holds other bytes',
    does: (f) => writeFileSync(engine(f, 'metadata', 'certglass.sql'), garbage),
    then: 'repaired',
    says: 'was damaged and was brought back from a copy',
  },
  {
    what: 'the link to the database’s definitions is missing',
    does: (f) => rmSync(engine(f, 'metadata', 'certglass')),
    then: 'harmless',
    says: null,
  },
  {
    what: 'a table’s folder is missing',
    does: (f) => remove(table(f, 'observations')),
    then: 'reported',
    says: 'parts of the table observations are gone, with 13 rows',
  },
  {
    what: 'all parts of a table are missing',
    does: (f) =>
      readdirSync(table(f, 'observations'))
        .filter((name) => name.startsWith('2026'))
        .forEach((name) => remove(join(table(f, 'observations'), name))),
    then: 'reported',
    says: 'parts of the table observations are gone, with 13 rows',
  },
  {
    what: 'one part of a table is missing',
    does: (f) => remove(part(f)),
    then: 'reported',
    says: '1 of 2 parts of the table observations are gone, with 12 rows',
  },
  {
    what: 'a part’s folder is empty',
    does: (f) => empty(part(f)),
    then: 'reported',
    says: 'of observations was set aside: broken-on-start',
  },
  {
    what: 'a part’s list of columns is damaged',
    does: (f) => writeFileSync(join(part(f), 'columns.txt'), garbage),
    then: 'reported',
    says: 'of observations was set aside: broken-on-start',
  },
  {
    what: 'a part’s checksums are damaged',
    does: (f) => writeFileSync(join(part(f), 'checksums.txt'), garbage),
    then: 'reported',
    says: 'of observations was set aside: broken-on-start',
  },
  {
    what: 'a part’s data is cut off',
    does: (f) => truncateSync(join(part(f), 'data.bin'), 100),
    then: 'reported',
    says: 'of observations was set aside: broken-on-start',
  },
  {
    what: 'a bit of a part’s data is flipped',
    does: (f) => flip(join(part(f), 'data.bin'), 1),
    then: 'reported',
    says: 'CHECKSUM_DOESNT_MATCH',
  },
  {
    what: 'a table’s format version holds other bytes',
    does: (f) => writeFileSync(join(table(f, 'observations'), 'format_version.txt'), garbage),
    then: 'refused',
    says: 'the table observations is damaged (Bad version file',
  },
  {
    what: 'a note of a finished mutation holds other bytes',
    does: (f) => writeFileSync(mutation(f), garbage),
    then: 'refused',
    says: 'is damaged (Cannot parse input',
  },
  {
    what: 'the notes of past inserts hold other bytes',
    does: (f) =>
      writeFileSync(join(table(f, 'observations'), 'deduplication_logs', 'deduplication_log_1.txt'), garbage),
    then: 'harmless',
    says: null,
  },
  {
    what: 'the folder `store` of the engine is missing',
    does: (f) => remove(engine(f, 'store')),
    then: 'reported',
    says: 'the whole database is gone',
  },
  {
    what: 'the folder `engine` is missing',
    does: (f) => remove(engine(f)),
    then: 'reported',
    says: 'the whole database is gone',
  },
  {
    what: 'a newer engine wrote the folder',
    does: (f) => writeFileSync(engine(f, 'certglass-engine-version'), '99.1.1.1\n'),
    then: 'refused',
    says: 'was written by engine 99.1.1.1',
  },
  {
    what: 'the engine’s version holds other bytes',
    does: (f) => writeFileSync(engine(f, 'certglass-engine-version'), garbage),
    then: 'harmless',
    says: null,
  },
  {
    what: 'a folder stands where the engine’s lock should be',
    does: (f) => mkdirSync(engine(f, 'status')),
    then: 'refused',
    says: 'a folder stands where a file should be',
  },
  {
    what: 'a file stands where the folder `engine` should be',
    does: (f) => {
      remove(engine(f));
      writeFileSync(engine(f), '');
    },
    then: 'refused',
    says: 'a file stands where a folder should be',
  },
  {
    what: 'a batch of the spool is damaged',
    does: (f) => writeFileSync(batch(f), garbage),
    then: 'reported',
    says: 'batch 000000000001-000000000001.batch.damaged of the spool was set aside',
  },
  {
    what: 'a folder stands where a batch of the spool should be',
    does: (f) => mkdirSync(batch(f)),
    then: 'reported',
    says: 'of the spool was set aside',
  },
  {
    what: '`store-ledger.json` holds `null`',
    does: (f) => writeFileSync(join(f, 'store-ledger.json'), 'null'),
    then: 'reported',
    says: 'file store-ledger.json.damaged was set aside and made anew',
  },
  {
    what: '`shared-primes.json` holds `null`',
    does: (f) => writeFileSync(join(f, 'shared-primes.json'), 'null'),
    then: 'reported',
    says: 'file shared-primes.json.damaged was set aside and made anew',
  },
  {
    what: '`audit-end-certglass.json` is cut off',
    does: (f) => truncateSync(join(f, 'audit-end-certglass.json'), 20),
    then: 'reported',
    says: 'file audit-end-certglass.json.damaged was set aside and made anew',
  },
  {
    what: '`evidence-key.pem` holds other bytes',
    does: (f) => writeFileSync(join(f, 'evidence-key.pem'), garbage),
    then: 'reported',
    says: 'file evidence-key.pem.damaged was set aside and made anew',
  },
  {
    what: 'a token’s record is cut off',
    does: (f) => truncateSync(token(f), 10),
    then: 'reported',
    says: 'was set aside and made anew',
  },
];

function mutation(folder: string): string {
  const dir = table(folder, 'observations');
  return join(dir, String(readdirSync(dir).find((name) => name.startsWith('mutation_'))));
}

/** Flips the lowest bit of the byte that stands so far from the end. */
export function flip(file: string, fromEnd: number): void {
  const content = readFileSync(file);
  content[content.length - fromEnd] = (content.at(-fromEnd) ?? 0) ^ 1;
  writeFileSync(file, content);
}

/** The text of docs/damage.md. */
export function damageDocument(): string {
  const words = {
    repaired: 'Repaired, nothing is lost; the finding `store-damaged` says so',
    harmless: 'Works as before, nothing is lost',
    reported: 'Works with what is left; the finding `store-damaged` says what is gone or was set aside',
    refused: 'Refuses to start with the cause and the command that helps',
  };
  const rows = damageTable.map(
    ({ what, then, says }) =>
      `| ${what[0]?.toUpperCase()}${what.slice(1)} | ${words[then]} | ${says === null ? '' : `"... ${says} ..."`} |`,
  );
  return `# Damages of the data folder

Each was done to a closed data folder with a little of everything in it, and the service's parts started on it: \`npm run torture -- damages\`
does so again, and this page is made of its table. What a finding says reaches the channels within seconds of the start.

| Damage | What happens at the start | What is said |
| --- | --- | --- |
${rows.join('\n')}
`;
}
