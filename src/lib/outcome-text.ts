const noName = 'no such host name';
const noServer = 'the DNS server does not answer';

/** What a code of DNS says of a name. */
const ofNames: Readonly<Record<string, string>> = {
  ENOTFOUND: noName,
  ENODATA: noName,
  ECONNREFUSED: noServer,
  ETIMEOUT: noServer,
  ESERVFAIL: 'the DNS server failed to look the name up',
  EREFUSED: 'the DNS server refuses to answer',
};

/** Why a name has no address, in words; null: nothing was said. */
export function nameFault(code: string | null): string {
  return code === null ? noName : (ofNames[code] ?? code);
}

/** Why a probe brought no certificate, in words where the outcome and its detail are codes; hostile where the detail is. */
export function outcomeText(outcome: string, detail: string | null): string {
  if (outcome === 'unresolved') return nameFault(detail);
  if (outcome === 'silent') return detail ?? 'connected, but no TLS answer before the deadline';
  if (outcome === 'timeout') return detail ?? 'no answer before the deadline';
  return detail ?? '';
}
