import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { EngineProcess } from '../../../src/store/embedded/process.js';
import { openEngine } from '../engine.js';
import { temporaryFolder } from '../sample.js';

/** Reads Native blocks as clickhouse-go does at a revision: block information and a flag per column above 0. */
class Decoder {
  #at = 0;
  readonly #bytes: Buffer;
  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  get ended(): boolean {
    return this.#at === this.#bytes.length;
  }

  varint(): number {
    let value = 0;
    for (let factor = 1; ; factor *= 128) {
      const byte = this.#bytes.readUInt8(this.#at++);
      value += (byte & 127) * factor;
      if (byte < 128) return value;
    }
  }

  text(): string {
    const length = this.varint();
    return this.#bytes.toString('utf8', this.#at, (this.#at += length));
  }

  block(revision: number): Map<string, unknown[]> {
    if (revision > 0) {
      assert.deepEqual([this.varint(), this.#bytes.readUInt8(this.#at++)], [1, 0]);
      assert.equal(this.varint(), 2);
      assert.equal(this.#bytes.readInt32LE((this.#at += 4) - 4), -1);
      assert.equal(this.varint(), 0);
    }
    const [columns, rows] = [this.varint(), this.varint()];
    const block = new Map<string, unknown[]>();
    for (let column = 0; column < columns; column += 1) {
      const [name, type] = [this.text(), this.text()];
      if (revision >= 54_454) assert.equal(this.#bytes.readUInt8(this.#at++), 0);
      block.set(
        name,
        Array.from({ length: rows }, () => this.#value(type)),
      );
    }
    return block;
  }

  #value(type: string): unknown {
    switch (type) {
      case 'String':
        return this.text();
      case 'UInt8':
        return this.#bytes.readUInt8(this.#at++);
      case 'UInt32':
        return this.#bytes.readUInt32LE((this.#at += 4) - 4);
      case 'UInt64':
        return this.#bytes.readBigUInt64LE((this.#at += 8) - 8);
      default:
        return assert.fail(`unexpected type ${type}`);
    }
  }
}

describe("Grafana's data source", () => {
  let engine: EngineProcess;
  before(async () => {
    engine = await openEngine(temporaryFolder());
  });
  after(() => engine.close());

  async function ask(sql: string): Promise<Decoder> {
    const { url } = await engine.address();
    const search =
      'database=certglass&default_format=Native&client_protocol_version=54460&max_execution_time=60';
    const response = await fetch(`${url}/?${search}`, {
      method: 'POST',
      body: sql,
      headers: {
        authorization: `Basic ${Buffer.from('reader:reader-password').toString('base64')}`,
        'accept-encoding': 'gzip',
      },
    });
    const body = Buffer.from(await response.arrayBuffer());
    assert.equal(response.status, 200, body.toString());
    return new Decoder(body);
  }

  it('connects, and is told to read plain blocks from then on', async () => {
    const hello = await ask('SELECT displayName(), version(), revision(), timezone()');
    const block = hello.block(54_460);
    assert.ok(hello.ended);
    assert.deepEqual(block.get('revision()'), [0]);
    assert.deepEqual(block.get('timezone()'), ['UTC']);
    assert.match(String(block.get('version()')?.[0]), /^\d+\.\d+\./);
  });

  it('saves and tests the connection', async () => {
    assert.deepEqual([...(await ask('SELECT 1')).block(0)], [['1', [1]]]);
  });

  it('reads a long series in several blocks', async () => {
    const answer = await ask('SELECT number, toString(number) AS text FROM numbers(70000) ORDER BY number');
    const numbers: unknown[] = [];
    while (!answer.ended) numbers.push(...(answer.block(0).get('text') ?? []));
    assert.equal(numbers.length, 70_000);
    assert.equal(numbers.at(-1), '69999');
  });

  it('takes no rows for an empty frame', async () => {
    assert.ok((await ask('SELECT 1 AS a WHERE a = 2')).ended);
  });
});
