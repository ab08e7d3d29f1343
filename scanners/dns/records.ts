import ipaddr from 'ipaddr.js';
import type { CaaRecord, HttpsRecord } from '../../src/model/network.js';
import { DnsFormatError, readName, recordTypes, type DnsRecord } from './message.js';

/** The canonical address in an A or AAAA record; null for another type, or another length. */
export function addressOf({ type, message, start, end }: DnsRecord): string | null {
  const isAddress =
    (type === recordTypes.A && end - start === 4) || (type === recordTypes.AAAA && end - start === 16);
  return isAddress ? ipaddr.fromByteArray([...message.subarray(start, end)]).toString() : null;
}

/** Targets of the CNAME records that lead on from `name`, in order; a circle ends it. */
export function aliasesFrom(name: string, records: readonly DnsRecord[]): readonly string[] {
  const targets = new Map(
    records
      .filter(({ type }) => type === recordTypes.CNAME)
      .map((record) => [record.name, readName(record.message, record.start).text]),
  );
  const aliases: string[] = [];
  for (
    let at = targets.get(name.toLowerCase());
    at !== undefined && !aliases.includes(at);
    at = targets.get(at)
  )
    aliases.push(at);
  return aliases;
}

/** A CAA record (RFC 8659 section 4.1). Throws {@link DnsFormatError}. */
export function caaOf({ message, start, end }: DnsRecord): CaaRecord {
  const length = message[start + 1] ?? 0;
  const tag = message.toString('latin1', start + 2, start + 2 + length);
  if (end - start < 2 || length === 0 || start + 2 + length > end || !/^[a-zA-Z0-9]+$/.test(tag))
    throw new DnsFormatError('not a CAA record');
  const value = message.toString('utf8', start + 2 + length, end);
  return { critical: ((message[start] ?? 0) & 0x80) !== 0, tag: tag.toLowerCase(), value };
}

/** An HTTPS record in service mode (RFC 9460 section 2.2); null for an alias or what cannot be read. */
export function httpsOf({ message, start, end }: DnsRecord): HttpsRecord | null {
  if (end - start < 3) return null;
  const priority = message.readUInt16BE(start);
  const target = readName(message, start + 2);
  if (priority === 0 || target.end > end) return null;
  let port: number | null = null;
  let alpn: string[] = [];
  for (let at = target.end; at + 4 <= end;) {
    const key = message.readUInt16BE(at);
    const value = message.subarray(at + 4, Math.min(end, at + 4 + message.readUInt16BE(at + 2)));
    if (key === 1) alpn = protocols(value);
    if (key === 3 && value.length === 2) port = value.readUInt16BE(0);
    at += 4 + message.readUInt16BE(at + 2);
  }
  return { priority, target: target.text, port, alpn };
}

function protocols(value: Buffer): string[] {
  const list: string[] = [];
  for (let at = 0; at < value.length; at += 1 + (value[at] ?? 0))
    list.push(value.toString('latin1', at + 1, at + 1 + (value[at] ?? 0)));
  return list;
}
