import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { jsonLines } from '../../src/alerts/json-lines.js';
import { eventSchema } from '../../src/model/event.js';
import { temporaryFolder } from '../store/sample.js';
import { findings, message, openChannel } from './samples.js';
import { assertOneLine, hostileMessages, streamMessage } from './streams.js';

const never = new AbortController().signal;

describe('a file of JSON lines', () => {
  it('has a line for each event, and is made with its folder', async () => {
    const path = join(temporaryFolder(), 'logs', 'events.jsonl');
    const channel = openChannel(jsonLines, { path });
    for (let time = 0; time < 2; time += 1)
      assert.deepEqual((await channel.send(await streamMessage(), never)).detail, '2 lines');
    const lines = readFileSync(path, 'utf8').trimEnd().split('\n');
    assert.equal(lines.length, 4);
    for (const line of lines) assert.equal(eventSchema.safeParse(JSON.parse(line)).success, true);
    assert.equal(statSync(path).mode & 0o007, 0, 'not for everybody');
  });

  for (const [format, key] of [
    ['ecs', '@timestamp'],
    ['ocsf', 'class_uid'],
  ] as const)
    it(`can be written as ${format}`, async () => {
      const path = join(temporaryFolder(), 'events.jsonl');
      await openChannel(jsonLines, { path, format }).send(await streamMessage(), never);
      const [line = ''] = readFileSync(path, 'utf8').split('\n');
      assert.ok(key in JSON.parse(line));
    });

  it('is rotated by size, and keeps as many as it is told to', async () => {
    const folder = temporaryFolder();
    const channel = openChannel(jsonLines, { path: join(folder, 'e'), maxMiB: 0.001, keep: 2 });
    for (let time = 0; time < 5; time += 1)
      await channel.send(await message(findings(1), {}, 'stream'), never);
    assert.deepEqual(readdirSync(folder).sort(), ['e', 'e.1', 'e.2']);
  });

  it('keeps hostile text in its line', async () => {
    const path = join(temporaryFolder(), 'events.jsonl');
    const channel = openChannel(jsonLines, { path });
    const messages = await hostileMessages();
    for (const one of messages) await channel.send(one, never);
    const lines = readFileSync(path, 'utf8').trimEnd().split('\n');
    assert.equal(lines.length, messages.length);
    lines.forEach(assertOneLine);
  });

  it('reports what cannot be written', async () => {
    const path = temporaryFolder();
    mkdirSync(path, { recursive: true });
    const result = await openChannel(jsonLines, { path }).send(await streamMessage(), never);
    assert.equal(result.ok, false);
    assert.match(result.detail, /EISDIR/);
  });
});
