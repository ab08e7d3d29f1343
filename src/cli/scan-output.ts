import { once } from 'node:events';
import type { Writable } from 'node:stream';
import { jsonLine } from '../lib/json-line.js';
import type { Certificate } from '../model/certificate.js';
import type { Observation, TlsFacts, Verdict } from '../model/observation.js';
import { gradeEndpoint } from '../model/endpoint-grade.js';
import { certificateLine, findingLine, observationLine } from '../model/observation-line.js';
import { surveyedOnly } from '../model/not-probed.js';
import type { Target } from '../model/target.js';

/** Writes the JSON lines of a scan. */
export interface ScanOutput {
  /** Resolves when there is room for more. */
  add(observation: Observation, verdicts: readonly Verdict[]): Promise<void> | void;
  /** Writes what is still waiting. */
  end(): void;
}

const batchBytes = 65_536;
/** A person who watches waits no longer than this for a line, in ms. */
const batchMs = 100;

/** Lines go out in batches; certificates and verdicts, which come again and again, are made into text once. */
export function createScanOutput(stream: Writable): ScanOutput {
  const partsOf = createLineParts();
  let spare: Buffer<ArrayBuffer> | null = null;
  let batch = Buffer.allocUnsafe(2 * batchBytes);
  let used = 0;
  let timer: NodeJS.Timeout | null = null;
  let drained: Promise<void> | null = null;
  const append = (part: string | Buffer): void => {
    const size = typeof part === 'string' ? part.length * 3 : part.length;
    if (used + size > batch.length) {
      const larger = Buffer.allocUnsafe(Math.max(2 * batch.length, used + size));
      batch.copy(larger, 0, 0, used);
      batch = larger;
    }
    used += typeof part === 'string' ? batch.write(part, used) : part.copy(batch, used);
  };
  const flush = (): void => {
    if (timer !== null) clearTimeout(timer);
    timer = null;
    if (used === 0) return;
    const full = batch;
    const hasRoom = stream.write(full.subarray(0, used), () => (spare = full));
    batch = spare ?? Buffer.allocUnsafe(2 * batchBytes);
    [spare, used] = [null, 0];
    // One wait for all who bring lines meanwhile.
    if (!hasRoom) drained ??= once(stream, 'drain').then(() => void (drained = null));
  };
  return {
    add(observation, verdicts) {
      for (const part of partsOf(observation, verdicts)) append(part);
      append('\n');
      if (used >= batchBytes) flush();
      else timer ??= setTimeout(flush, batchMs);
      return drained ?? undefined;
    },
    end: flush,
  };
}

/** The parts of a line, which together are the very text that `jsonLine(observationLine(...))` makes; bytes are UTF-8. */
export function createLineParts(): (
  observation: Observation,
  verdicts: readonly Verdict[],
) => readonly (string | Buffer)[] {
  const ofCertificate = remembered((certificate: Certificate) => jsonLine(certificateLine(certificate)));
  const ofFindings = remembered((verdicts: readonly Verdict[]) => jsonLine(verdicts.map(findingLine)));
  // With a certificate and without a survey, findings alone make the grade.
  const ofGrade = remembered((findings: readonly Verdict[]) =>
    jsonLine(gradeEndpoint({ findings, survey: null })),
  );
  return (observation, verdicts) => {
    const { certificate, chain, tls, outcome, detail } = observation;
    const isUsual = !observation.survey && (observation.alternates ?? []).length === 0;
    if (certificate === null || !isUsual) return [jsonLine(observationLine(observation, verdicts))];
    const hashes = chain.map(({ sha256 }) => `"${sha256}"`).join(',');
    return [
      `{"type":"observation","observedAt":"${observation.observedAt.toISOString()}","target":${targetText(observation.target)},` +
        `"outcome":"${outcome}","detail":${text(detail)},"tls":${tlsText(tls)},"certificate":`,
      ofCertificate(certificate),
      `,"chain":[${hashes}],"findings":`,
      ofFindings(verdicts),
      ',"survey":null,"grade":',
      ofGrade(verdicts),
      observation.alternates ? askedForOtherKeys : notAsked,
    ];
  };
}

const askedForOtherKeys = endOfLine([]);
const notAsked = endOfLine(null);

function endOfLine(alternates: readonly [] | null): string {
  const missing = alternates === null ? [...surveyedOnly, 'other-certificates'] : surveyedOnly;
  return `,"alternates":${JSON.stringify(alternates)},"notProbed":${JSON.stringify(missing)}}`;
}

function targetText({ host, address, port, serverName, starttls }: Target): string {
  return `{"host":${text(host)},"address":${text(address)},"port":${port},"serverName":${text(serverName)},"starttls":${text(starttls)}}`;
}

function tlsText(tls: TlsFacts | null): string {
  if (tls === null) return 'null';
  return `{"version":${text(tls.version)},"cipher":${text(tls.cipher)},"group":${text(tls.group)}}`;
}

/** A string or null as JSON; most strings here are letters, digits and dots and need no closer inspection. */
function text(value: string | null): string {
  if (value === null) return 'null';
  return /^[\w .:%-]*$/.test(value) ? `"${value}"` : jsonLine(value);
}

/** The UTF-8 of a text that is made once for each key. */
function remembered<K extends object>(make: (key: K) => string): (key: K) => Buffer {
  const known = new WeakMap<K, Buffer>();
  return (key) => {
    const bytes = known.get(key) ?? Buffer.from(make(key));
    known.set(key, bytes);
    return bytes;
  };
}
