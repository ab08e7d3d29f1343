/** The bytes of the first DER element alone; all bytes when it is cut short. Lengths of at most four octets (X.690 section 8.1.3). */
export function firstElement(bytes: Uint8Array): Uint8Array {
  const first = bytes[1] ?? 0;
  if (first < 0x80) return bytes.subarray(0, 2 + first);
  const octets = first & 0x7f;
  if (octets === 0 || octets > 4) return bytes;
  let length = 0;
  for (let n = 0; n < octets; n += 1) length = length * 256 + (bytes[2 + n] ?? 0);
  return bytes.subarray(0, 2 + octets + length);
}
