import assert from 'node:assert/strict';
import { it } from 'node:test';
import {
  distrustAsOf,
  distrustFile,
  distrustsOf,
  programmeIds,
  programmes,
  programmesFile,
  programmesOf,
  programmesWithRootNamed,
} from '../../src/lib/root-programmes.js';

const isrgX1 = '96bcec06264976f37460779acf28c5a7cfe8a3c0aae11a8ffcee05c0bddf08c6';
const entrustG2 = '43df5774b03e7fef5fe40d931a7bedf1bb2e6b42738c4e6d3841103d3aa7f339';

it('knows six programmes, each with a day and a source', () => {
  assert.deepEqual(
    programmes().map(({ id }) => id),
    programmeIds,
  );
  assert.match(distrustAsOf(), /^20\d\d-/);
});

it('says which programmes include a root', () => {
  assert.deepEqual(programmesOf(isrgX1), programmeIds);
  assert.equal(programmesOf('00'.repeat(32)), null);
  assert.deepEqual(programmesWithRootNamed('ISRG Root X1'), programmeIds);
  assert.deepEqual(programmesWithRootNamed('Nobody'), []);
  assert.ok(!(programmesOf(entrustG2) ?? []).includes('mozilla') || distrustsOf(entrustG2).length > 0);
});

it('names the clock and instant of each distrust', () => {
  const chrome = distrustsOf(entrustG2).find(({ programme }) => programme === 'chrome');
  assert.equal(chrome?.clock, 'sct');
  assert.equal(chrome.after.toISOString(), '2024-11-11T23:59:59.000Z');
  const microsoft = distrustsOf(entrustG2).filter(({ programme }) => programme === 'microsoft');
  for (const { clock } of microsoft) assert.equal(clock, 'notBefore');
  assert.deepEqual(distrustsOf(isrgX1), []);
});

it('refuses data that do not fit', () => {
  const entry = {
    programme: 'chrome',
    sha256: 'ab'.repeat(32),
    name: 'x',
    clock: 'sct',
    source: 'somewhere',
  };
  const parse = (changes: object): boolean =>
    distrustFile.safeParse({ asOf: '2026-01-01', about: '', entries: [{ ...entry, ...changes }] }).success;
  assert.equal(parse({ after: '2026-01-01T00:00:00Z' }), true);
  assert.equal(parse({}), false);
  assert.equal(parse({ after: '2026-13-01T00:00:00Z' }), false);
  assert.equal(parse({ after: '2026-01-01T00:00:00Z', programme: 'opera' }), false);
  assert.equal(
    programmesFile.safeParse({ about: '', programmes: [], roots: { xy: { name: 'x', in: [] } } }).success,
    false,
  );
});
