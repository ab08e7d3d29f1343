import { embeddedSctList, readSctList } from '../x509/sct/sct.js';
import type { CheckInput } from './rule.js';

/** Milliseconds of the earliest embedded SCT; null without one, or with an impossible time. */
export function earliestSctMs({ certificate }: Pick<CheckInput, 'certificate'>): number | null {
  const list = certificate.sctCount === null ? null : embeddedSctList(certificate);
  const times = list === null ? [] : readSctList(list).scts.map(({ timestampMs }) => timestampMs);
  const earliest = Math.min(...times.filter((ms) => ms > 0 && ms <= 8.64e15));
  return Number.isFinite(earliest) ? earliest : null;
}
