import { randomBytes, scrypt, timingSafeEqual, type BinaryLike, type ScryptOptions } from 'node:crypto';
import pLimit from 'p-limit';
import { Problem } from '../problem.js';
import type { UserRecord } from './credentials.js';

type Password = NonNullable<UserRecord['password']>;

/** RFC 7914: 32 MiB and some 60 ms for each guess. */
const cost: ScryptOptions = { N: 2 ** 15, r: 8, p: 1, maxmem: 64 * 1_048_576 };
const keyBytes = 32;
/** Hashes computed at a time; each holds a thread and its memory. */
const hashing = pLimit(2);
const mostWaiting = 50;

/** What is kept of a password. */
export async function hashPassword(password: string): Promise<Password> {
  const salt = randomBytes(16).toString('base64url');
  return { salt, hash: (await derive(password, salt)).toString('base64url') };
}

/** True when it is this password. Takes as long when there is none to compare with. */
export async function isPassword(given: string, kept: Password | null): Promise<boolean> {
  const derived = await derive(given, kept?.salt ?? 'nobody');
  const wanted = Buffer.from(kept?.hash ?? '', 'base64url');
  return wanted.length === derived.length && timingSafeEqual(wanted, derived);
}

function derive(password: BinaryLike, salt: BinaryLike): Promise<Buffer> {
  if (hashing.pendingCount >= mostWaiting)
    throw new Problem(503, 'too many sign-ins at once', { 'retry-after': '5' });
  return hashing(
    () =>
      new Promise<Buffer>((resolve, reject) =>
        scrypt(password, salt, keyBytes, cost, (error, key) =>
          error === null ? resolve(key) : reject(error),
        ),
      ),
  );
}
