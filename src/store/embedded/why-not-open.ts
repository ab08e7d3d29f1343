import { existsSync, readdirSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { addressSpaceMiB, memoryLimitMiB, openFilesLimit } from '../../lib/process-limits.js';
import { inUseBy, type FolderOwner } from './owner.js';
import type { FailureReason } from './messages.js';

/** Why an engine process did not open its folder, as far as it and the system say. */
export interface OpenFailure {
  readonly reason: FailureReason;
  readonly message: string;
  readonly owner: FolderOwner;
  /** What the process wrote to standard error. */
  readonly said: string;
  /** The signal that ended the process before it said a word; null when it spoke, or ended by itself. */
  readonly signal: string | null;
}

/** What of the engine's options the explanation needs. */
interface Folders {
  readonly dataDir: string;
  readonly backupDir: string;
  readonly memoryMiB: number;
}

const elsewhere = 'or give the URL of a ClickHouse server (store.mode: server, store.url)';
/** Memory that a service and its engine need beside what `store.embedded.memoryMiB` allows. */
const besidesMiB = 400;
/** Address space the engine was seen to need with the default settings; it reserves far more than it uses. */
const engineAddressSpaceMiB = 4_096;

/** True when another engine holds the folder's lock. What else keeps an engine from opening has the same error class, so its text decides. */
export function isLocked({ reason, said }: OpenFailure): boolean {
  return reason === 'locked' && /Cannot lock file|Another server instance/.test(said);
}

/** Path in the folder of the definition that the engine named as what it failed at; null when it named none. */
export function unreadableDefinition({ said }: OpenFailure): string | null {
  return definitionIn(said);
}

function definitionIn(text: string): string | null {
  return /(?:metadata file|\(in file|from file) ((?:store|metadata)\/[^\s:)]*\.sql)/.exec(text)?.[1] ?? null;
}

/** One sentence: what was found, and what to do about it. */
export function whyNotOpen(failure: OpenFailure, folders: Folders): string {
  const { dataDir } = folders;
  if (isLocked(failure)) return inUseBy(dataDir, failure.owner);
  const text = `${failure.said}\n${failure.message}`;
  return (
    withoutResources(text, folders) ??
    notInstalled(failure) ??
    newer(failure, folders) ??
    crashed(failure, folders) ??
    damaged(text, folders) ??
    `the data folder ${dataDir} cannot be opened: ${firstException(text) ?? firstLine(failure.message)}; ` +
      `see that it is writable and has free space, ${elsewhere}`
  );
}

/** What the engine was refused by the system, whatever it was reading then. */
function withoutResources(text: string, { dataDir, memoryMiB }: Folders): string | null {
  const subject = `the data folder ${dataDir} cannot be opened`;
  if (/Too many open files|\bEMFILE\b/.test(text))
    return `${subject}: this process may open no more than ${openFilesLimit() ?? 'a few'} files; raise the limit to 1024 or more (ulimit -n, systemd: LimitNOFILE)`;
  if (/No space left on device|\bENOSPC\b/.test(text))
    return `${subject}: its disk is full; free some space, or give another folder as store.dataDir`;
  if (/Read-only file system|\bEROFS\b/.test(text))
    return `${subject}: its disk is mounted read-only; see to the disk, or give another folder as store.dataDir`;
  // The engine sees CAP_SYS_NICE in a user namespace and relies on it; the system does not honour it there.
  if (text.includes('Failed to set the nice value'))
    return 'the engine cannot run with CAP_SYS_NICE in a user namespace; start Certglass without that capability (setpriv --bounding-set -sys_nice --inh-caps -sys_nice)';
  if (/Permission denied|\b(EACCES|EPERM)\b/.test(text))
    return `${subject}: this user (id ${process.getuid?.() ?? 'unknown'}) may not write there; give it the folder (chown -R), or give another one as store.dataDir`;
  if (/Is a directory|\bEISDIR\b/.test(text))
    return `${subject}: a folder stands where a file should be (${firstLine(lastException(text))}); remove it`;
  if (/\b(ENOTDIR|EEXIST)\b/.test(text))
    return `${subject}: a file stands where a folder should be; move it away, or give another folder as store.dataDir`;
  if (/Cannot allocate memory|failed to map segment|bad_alloc|MEMORY_LIMIT_EXCEEDED/.test(text))
    return `${subject}: ${memoryWords(memoryMiB)}`;
  return null;
}

/** What limits memory here, and how much is needed. */
function memoryWords(memoryMiB: number): string {
  const [space, memory] = [addressSpaceMiB(), memoryLimitMiB()];
  if (space !== null)
    return `the engine ran out of address space, of which this process has ${space} MiB (ulimit -v); raise it to ${engineAddressSpaceMiB} MiB or more, or remove that limit and limit memory instead`;
  const has =
    memory === null
      ? 'the engine ran out of memory'
      : `the engine ran out of memory, limited to ${memory} MiB here`;
  return `${has}; give it ${memoryMiB + besidesMiB} MiB, or lower store.embedded.memoryMiB (${memoryMiB})`;
}

function notInstalled({ reason, message }: OpenFailure): string | null {
  if (reason !== 'no-chdb') return null;
  return (
    `the embedded database is not installed or has no build for ${process.platform}-${process.arch} ` +
    `(package chdb: ${firstLine(message)}); install it, ${elsewhere}`
  );
}

function newer({ reason, message }: OpenFailure, { dataDir }: Folders): string | null {
  return reason === 'newer' ? `the data folder ${dataDir} cannot be opened: ${firstLine(message)}` : null;
}

function crashed({ signal }: OpenFailure, folders: Folders): string | null {
  if (signal === null) return null;
  const { dataDir, memoryMiB } = folders;
  const subject = `the data folder ${dataDir} cannot be opened: the engine process was ended by ${signal}`;
  if (signal === 'SIGKILL')
    return `${subject}, as the system does when memory runs out; ${memoryWords(memoryMiB)}`;
  if (signal === 'SIGILL')
    return `${subject}: this processor lacks instructions that the engine needs (SSE 4.2, on ARM those of ARMv8.2); use another machine, ${elsewhere}`;
  if (addressSpaceMiB() !== null) return `${subject}; ${memoryWords(memoryMiB)}`;
  return `${subject}, which damaged data or too little memory cause; ${restoreWords(folders)}`;
}

/** What is damaged, by name. */
function damaged(text: string, folders: Folders): string | null {
  const subject = `the data folder ${folders.dataDir} cannot be opened`;
  const definition = definitionIn(text);
  const table = /Load job '(?:load|startup) table [^.']*\.([^']+)' failed/.exec(text)?.[1];
  const cause = lastException(text.split(': Cannot attach table')[0] ?? text);
  if (table !== undefined)
    return `${subject}: the table ${table} is damaged (${cause}); ${restoreWords(folders)}`;
  if (definition === null) return null;
  const name = basename(definition, '.sql');
  const what = definition.startsWith('metadata/') ? `database ${name}` : `table ${name}`;
  return `${subject}: the definition of ${what} is damaged (file ${definition}); ${restoreWords(folders)}`;
}

/** The command that brings the newest backup back, or what is left to do when there is none. */
export function restoreWords({ dataDir, backupDir }: Pick<Folders, 'dataDir' | 'backupDir'>): string {
  const [newest] = backupsIn(backupDir);
  return newest === undefined
    ? `there is no backup in ${backupDir}: bring back a copy of the whole data folder, or move ${dataDir} away to start anew`
    : `move ${dataDir} away and bring back the backup: certglass store restore ${newest}`;
}

/** Names of the whole backups in a folder, newest first. */
function backupsIn(dir: string): readonly string[] {
  try {
    return readdirSync(dir)
      .filter((name) => existsSync(join(dir, name, '.backup')))
      .map((name) => ({ name, at: statSync(join(dir, name, '.backup')).mtimeMs }))
      .sort((a, b) => b.at - a.at)
      .map(({ name }) => name);
  } catch {
    return [];
  }
}

function firstException(text: string): string | undefined {
  return /DB::\w*Exception: [^\n]*/.exec(text)?.[0].slice(0, longestCause);
}

/** The innermost of nested exceptions: it names what was found. */
function lastException(text: string): string {
  const causes = [...text.matchAll(/DB::\w*Exception: ([^\n]*?)(?=$|\n|: Code: \d+|\. \()/g)];
  const cause = causes
    .at(-1)?.[1]
    ?.split(/failed: Code: \d+\. DB::\w*Exception: /)
    .at(-1);
  // Damaged files are quoted by the engine byte by byte.
  return (cause ?? firstLine(text)).replace(/[^\x20-\x7e]+/g, '?').slice(0, longestCause);
}

function firstLine(text: string): string {
  return (text.trim().split('\n')[0] ?? '').slice(0, longestCause);
}

const longestCause = 300;
