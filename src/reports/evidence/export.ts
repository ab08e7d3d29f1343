import { createHash, type KeyObject, sign } from 'node:crypto';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createPublicKey } from 'node:crypto';
import { ZipFile } from 'yazl';
import { evidenceFiles, type EvidenceInput } from './files.js';
import type { Manifest } from './manifest.js';

/** Inside the archive every file has this date, so that the same content gives the same bytes. */
const fileDate = new Date('2000-01-01T00:00:00Z');

/** What the manifest says beside the files. */
export interface ExportFacts {
  readonly version: string;
  readonly now: Date;
  readonly configurationSha256: string;
}

/**
 * A zip archive of everything that answers the framework for the period, signed. Written as it is read: memory stays bounded. The stream
 * fails when the store does; what was written by then has no manifest and does not verify.
 */
export function exportEvidence(input: EvidenceInput, facts: ExportFacts, key: KeyObject): Readable {
  const zip = new ZipFile();
  const output = zip.outputStream as Readable;
  write(zip, input, facts, key).catch((error: unknown) => output.destroy(error as Error));
  return output;
}

async function write(zip: ZipFile, input: EvidenceInput, facts: ExportFacts, key: KeyObject): Promise<void> {
  const files: Manifest['files'][number][] = [];
  const add = async (name: string, content: AsyncIterable<string> | Iterable<string>): Promise<void> => {
    const hash = createHash('sha256');
    let bytes = 0;
    const counter = new Transform({
      transform(chunk: Buffer, _encoding, done) {
        hash.update(chunk);
        bytes += chunk.length;
        done(null, chunk);
      },
    });
    zip.addReadStream(counter, name, { mtime: fileDate, mode: 0o100_644, compressionLevel: 1 });
    await pipeline(Readable.from(batched(content)), counter);
    files.push({ name, sha256: hash.digest('hex'), bytes });
  };
  for (const { name, content } of await evidenceFiles(input)) await add(name, content());
  const manifest = Buffer.from(`${JSON.stringify(manifestOf(input, facts, files), null, 2)}\n`);
  const options = { mtime: fileDate, mode: 0o100_644 };
  zip.addBuffer(manifest, 'manifest.json', options);
  zip.addBuffer(Buffer.from(`${sign(null, manifest, key).toString('base64')}\n`), 'manifest.sig', options);
  const publicKey = createPublicKey(key).export({ type: 'spki', format: 'pem' });
  zip.addBuffer(Buffer.from(publicKey), 'public-key.pem', options);
  zip.end();
}

function manifestOf(input: EvidenceInput, facts: ExportFacts, files: Manifest['files']): Manifest {
  return {
    format: 1,
    product: 'certglass',
    version: facts.version,
    framework: input.framework.id,
    from: input.from.toISOString(),
    to: input.to.toISOString(),
    scope: input.scope,
    createdAt: facts.now.toISOString(),
    timeSource: 'clock of the machine that made this export, UTC',
    configurationSha256: facts.configurationSha256,
    rules: input.rules.length,
    files,
  };
}

const batchLength = 65_536;

/** Short pieces put together: a stream handles few large ones faster. */
async function* batched(content: AsyncIterable<string> | Iterable<string>): AsyncGenerator<Buffer> {
  let text = '';
  for await (const piece of content) {
    text += piece;
    if (text.length < batchLength) continue;
    yield Buffer.from(text);
    text = '';
  }
  if (text !== '') yield Buffer.from(text);
}
