import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { pino } from 'pino';
import { openCanary } from '../../../../scanners/ct/follow/canary.js';
import { createIncidentBoard } from '../../../../scanners/incident-board.js';
import type { CtEntry } from '../../../../src/model/ct-entry.js';
import type { Incident } from '../../../../src/model/incident.js';

const silent = pino({ level: 'silent' });
const config = { domain: 'canary.test', everyHours: 24 };
const entry = (name: string, verified = true): CtEntry =>
  ({ verified, certificate: { names: [name] } }) as unknown as CtEntry;

describe('the canary', () => {
  let folder = '';
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'canary-'));
  });
  after(() => rm(folder, { recursive: true }));

  /** Hours without a canary as the finding has it; null when there is none. */
  async function lastSeen(inFolder: string, nowMs: number): Promise<unknown> {
    const incidents: Incident[] = [];
    const now = (): Date => new Date(nowMs);
    const board = createIncidentBoard(async (incident) => void incidents.push(incident), now, silent);
    const canary = await openCanary(config, inFolder, now, silent);
    await canary.tell(board);
    return incidents.find(({ active }) => active)?.details['lastSeenAt'] ?? null;
  }

  it('remembers the last of many that came at once, whichever batch was stored first', async () => {
    const inFolder = join(folder, 'busy');
    let nowMs = Date.parse('2026-11-01T00:00:00Z');
    const canary = await openCanary(config, inFolder, () => new Date((nowMs += 1000)), silent);
    await Promise.all(Array.from({ length: 30 }, () => canary.saw([entry('2026.canary.test')])));
    const later = nowMs + 25 * 3_600_000;
    assert.equal(await lastSeen(inFolder, later), new Date(nowMs).toISOString());
  });

  it('does not count what is not proved, or of another domain', async () => {
    const inFolder = join(folder, 'other');
    const canary = await openCanary(config, inFolder, () => new Date(0), silent);
    await canary.saw([entry('2026.canary.test', false), entry('canary.test.example')]);
    await assert.rejects(readFile(join(inFolder, 'canary.json')), /ENOENT/);
  });

  it('never fails the hand-over of entries that are stored, not even where its note cannot be written', async () => {
    const inFolder = join(folder, 'a-file');
    await writeFile(inFolder, '');
    const canary = await openCanary(config, inFolder, () => new Date(0), silent);
    await canary.saw([entry('2026.canary.test')]);
    assert.equal(await readFile(inFolder, 'utf8'), '');
  });
});
