import { createHmac, randomBytes } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Problem } from '../problem.js';
import { cookieOf, sessionCookie, setCookie, setSessionCookie } from './cookies.js';
import { digestOf, newSecret, type Credentials, type SessionRecord, type UserRecord } from './credentials.js';
import { FailureCount } from './failures.js';
import { hashPassword, isPassword } from './passwords.js';

/** Begins and ends the sessions of browsers. */
export interface SignIn {
  /** Starts a session and gives the browser its cookie. */
  begin(
    request: FastifyRequest,
    reply: FastifyReply,
    holder: Pick<SessionRecord, 'name' | 'via' | 'credential' | 'role' | 'scope'>,
    endsAt: Date | null,
  ): void;
  /** Ends the session of this browser, if it has one. */
  end(request: FastifyRequest, reply: FastifyReply): void;
  /** Checks a name and a password and begins a session. Throws a Problem when they are wrong. */
  withPassword(request: FastifyRequest, reply: FastifyReply, user: string, password: string): Promise<void>;
  /** Sets the password of the user a setup link was made for, and begins a session. The link works once. */
  withSetupLink(
    request: FastifyRequest,
    reply: FastifyReply,
    secret: string,
    password: string,
  ): Promise<void>;
}

const deviceName = 'certglass-device';
const deviceSeconds = 90 * 86_400;

/**
 * See {@link SignIn}. Wrong passwords are counted by address and user, so that guessing at one name locks nobody else out; a browser
 * that signed in before carries a device cookie and is counted by that alone, so that guessing from its address does not lock it out.
 */
export function createSignIn(credentials: Credentials, sessionHours: number, now: () => Date): SignIn {
  const failures = new FailureCount();
  const deviceKey = randomBytes(32);
  const markOf = (user: string): string => createHmac('sha256', deviceKey).update(user).digest('base64url');
  const begin = sessionStarter(credentials, sessionHours, now);

  function beginWithPassword(request: FastifyRequest, reply: FastifyReply, user: string): void {
    const record = present(credentials, user);
    if (record === null) throw new Problem(401, 'the user was removed');
    const { role, scope } = record;
    begin(request, reply, { name: user, via: 'password', credential: user, role, scope }, null);
    const value = markOf(user);
    setCookie(reply, request, { name: deviceName, value, maxAgeSeconds: deviceSeconds, sameSite: 'Strict' });
  }

  return {
    begin,
    end(request, reply) {
      const cookie = sessionCookie(request);
      if (cookie !== null) credentials.sessions.remove(digestOf(cookie));
      setSessionCookie(reply, request, '', 0);
    },
    async withPassword(request, reply, user, password) {
      const isKnownDevice = cookieOf(request, deviceName) === markOf(user);
      const key = isKnownDevice ? `device ${user}` : `${request.ip} ${user}`;
      const waitSeconds = failures.waitSeconds(key, now());
      if (waitSeconds > 0)
        throw new Problem(429, 'too many wrong passwords', { 'retry-after': String(waitSeconds) });
      // Counted before the slow part: guesses made at the same time are as many as those made one after another.
      failures.add(key, now());
      request.auditActor = user.slice(0, 64);
      if (!(await isPassword(password, present(credentials, user)?.password ?? null)))
        throw new Problem(401, 'the name or the password is wrong');
      beginWithPassword(request, reply, user);
    },
    async withSetupLink(request, reply, secret, password) {
      const user = await setPassword(credentials, secret, password, now);
      endSessionsOf(credentials, user);
      beginWithPassword(request, reply, user);
    },
  };
}

function sessionStarter(credentials: Credentials, sessionHours: number, now: () => Date): SignIn['begin'] {
  return (request, reply, holder, endsAt) => {
    forgetExpired(credentials, now());
    const ordinary = now().getTime() + sessionHours * 3_600_000;
    const expiresAt = new Date(Math.min(ordinary, endsAt?.getTime() ?? Infinity));
    const cookie = newSecret();
    const { name, via, credential, role, scope } = holder;
    const times = { createdAt: now(), expiresAt };
    const session = { name, via, credential, role, scope, csrfToken: newSecret(), ...times };
    credentials.sessions.put(digestOf(cookie), session);
    setSessionCookie(reply, request, cookie, Math.ceil((expiresAt.getTime() - now().getTime()) / 1000));
    request.auditActor = name;
  };
}

/** Sets the password of whom the link was made for; the name. */
async function setPassword(
  credentials: Credentials,
  secret: string,
  password: string,
  now: () => Date,
): Promise<string> {
  const digest = digestOf(secret);
  const find = (): readonly [string, UserRecord] => {
    for (const [name, record] of credentials.users.all()) {
      const { setup, removedAt } = record;
      if (removedAt === null && setup?.digest === digest && now() < setup.expiresAt) return [name, record];
    }
    throw new Problem(401, 'the link was used, or has expired; ask for a new one');
  };
  find();
  const hashed = await hashPassword(password);
  // Found again: another request may have used it meanwhile.
  const [user, record] = find();
  credentials.users.put(user, { ...record, password: hashed, setup: null });
  return user;
}

/** Ends every session of a user: the password changed, or the user is gone. */
export function endSessionsOf({ sessions }: Pick<Credentials, 'sessions'>, user: string): void {
  for (const [id, session] of sessions.all())
    if (session.via === 'password' && session.credential === user) sessions.remove(id);
}

function present({ users }: Credentials, name: string): UserRecord | null {
  const record = users.all().get(name);
  return record === undefined || record.removedAt !== null ? null : record;
}

function forgetExpired({ sessions }: Credentials, now: Date): void {
  for (const [id, { expiresAt }] of sessions.all()) if (expiresAt <= now) sessions.remove(id);
}
