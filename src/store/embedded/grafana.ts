import { ByteSink } from '../rows/byte-sink.js';

/** What Grafana's ClickHouse data source (its driver clickhouse-go) asks first, over HTTP. */
const hello = 'select displayname(), version(), revision(), timezone()';
/** The protocol version in which the driver reads the answer. */
const helloRevision = 54_460;

/** True for the driver's first question, which must be answered with {@link helloBlock}. */
export function isHello(sql: string, clientProtocolVersion: string | undefined): boolean {
  const question = sql.trim().replace(/\s+/g, ' ').toLowerCase();
  return question === hello && Number(clientProtocolVersion) >= helloRevision;
}

/**
 * The answer as a Native block of protocol version 54460. It says that the server's revision is 0: the driver then reads all further
 * blocks in the plain form without block information, which is the only one the embedded engine writes.
 */
export function helloBlock(version: string): Buffer {
  const block = new ByteSink();
  // Block information: is_overflows = 0, bucket_num = -1, end.
  block.varint(1);
  block.uint8(0);
  block.varint(2);
  block.uint32(0xffff_ffff);
  block.varint(0);
  block.varint(4);
  block.varint(1);
  const column = (name: string, type: string): void => {
    block.text(name);
    block.text(type);
    block.uint8(0); // no custom serialisation
  };
  column('displayName()', 'String');
  block.text('certglass');
  column('version()', 'String');
  block.text(version);
  column('revision()', 'UInt32');
  block.uint32(0);
  column('timezone()', 'String');
  block.text('UTC');
  return block.take();
}
