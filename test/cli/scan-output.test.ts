import assert from 'node:assert/strict';
import { once } from 'node:events';
import { Writable } from 'node:stream';
import { describe, it } from 'node:test';
import { createScanOutput } from '../../src/cli/scan-output.js';
import { jsonLine } from '../../src/lib/json-line.js';
import type { Observation, Verdict } from '../../src/model/observation.js';
import { observationLine } from '../../src/model/observation-line.js';
import { aCertificate, anObservation, aSurvey } from '../rules/support.js';

const verdict: Verdict = {
  rule: 'expired',
  severity: 'critical',
  title: 'Expired "now"',
  details: { daysAgo: 3 },
};
const hostile = ['\u001b[2J', '"', '\\', '\u202e', 'ü', '日本', '\ud800', '\n', '|'];

/** Collects what is written; a slow one says after every write that it has had enough. */
function sink(highWaterMark: number): { stream: Writable; text(): string } {
  const chunks: Buffer[] = [];
  const stream = new Writable({
    highWaterMark,
    write(chunk: Buffer, _encoding, done) {
      // A copy, as a kernel makes it: the sender's buffer is used again.
      setImmediate(() => {
        chunks.push(Buffer.from(chunk));
        done();
      });
    },
  });
  return { stream, text: () => Buffer.concat(chunks).toString('utf8') };
}

async function written(observations: readonly Observation[], verdicts: readonly Verdict[]): Promise<string> {
  const { stream, text } = sink(1);
  const output = createScanOutput(stream);
  for (const observation of observations) await output.add(observation, verdicts);
  output.end();
  stream.end();
  await once(stream, 'finish');
  return text();
}

function look(text: string): Observation {
  return anObservation({
    target: { host: text, address: text, port: 1, serverName: text, starttls: 'smtp' },
    detail: text,
    tls: {
      version: text,
      cipher: text,
      group: null,
      alpn: null,
      clientCertificateRequested: null,
      ocspResponse: null,
    },
    certificate: aCertificate({ subject: text, dnsNames: [text] }),
    chain: [aCertificate({ sha256: 'ab' }), aCertificate({ sha256: 'cd' })],
  });
}

describe('The lines of a scan', () => {
  const plain = anObservation({ detail: null });
  const cases: readonly (readonly [name: string, observation: Observation])[] = [
    ['with a certificate', plain],
    [
      'without one',
      { ...plain, certificate: null, chain: [], outcome: 'refused', detail: 'ECONNREFUSED', tls: null },
    ],
    ['with a survey', { ...plain, survey: aSurvey() }],
    ['asked for another type of key', { ...plain, alternates: [] }],
    [
      'with a further chain',
      { ...plain, alternates: [{ asked: 'RSA', chain: [aCertificate({ sha256: 'ef' })] }] },
    ],
    ['without facts of TLS', { ...plain, tls: null }],
    ...hostile.map((text) => [`with ${JSON.stringify(text)} everywhere`, look(text)] as const),
  ];
  for (const [name, observation] of cases)
    it(`are those of the contract, ${name}`, async () => {
      for (const verdicts of [[], [verdict]])
        assert.equal(
          await written([observation], verdicts),
          `${jsonLine(observationLine(observation, verdicts))}\n`,
        );
    });

  it('come whole and in order through a slow reader, whatever their size', async () => {
    const observations = Array.from({ length: 3000 }, (_, index) =>
      anObservation({
        detail: 'x'.repeat(index % 700),
        target: { host: `h${index}.example`, address: null, port: 443, serverName: null, starttls: null },
      }),
    );
    const large = anObservation({ detail: '日'.repeat(200_000) });
    const all = [...observations, large, ...observations];
    const lines = (await written(all, [verdict])).trimEnd().split('\n');
    assert.equal(lines.length, all.length);
    for (const [index, line] of lines.entries())
      assert.equal(line, jsonLine(observationLine(all[index]!, [verdict])));
  });

  it('wait no longer than a moment for others', async () => {
    const { stream, text } = sink(65_536);
    await createScanOutput(stream).add(anObservation(), []);
    while (text() === '') await new Promise((resolve) => setTimeout(resolve, 10));
    assert.match(text(), /\n$/);
  });

  it('hold up who brings more while the reader is behind, by one listener for all', async () => {
    const { stream } = sink(1);
    const output = createScanOutput(stream);
    const large = anObservation({ detail: 'x'.repeat(70_000) });
    const waits = Array.from({ length: 30 }, () => output.add(large, []));
    assert.ok(waits.every((wait) => wait instanceof Promise));
    assert.equal(stream.listenerCount('drain'), 1);
    await Promise.all(waits);
  });
});
