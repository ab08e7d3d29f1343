import type { FastifyRequest } from 'fastify';
import type { Role } from '../config.js';

/** What a credential is limited to; both lists empty: nothing is visible. */
export interface Scope {
  /** These domains and everything under them. */
  readonly domains: readonly string[];
  /** Findings with one of these tags. */
  readonly tags: readonly string[];
}

/** Who asks. */
export interface Actor {
  readonly name: string;
  readonly role: Role;
  /** null: everything. */
  readonly scope: Scope | null;
  readonly via: 'local' | 'token' | 'password' | 'oidc';
  /** When the credential or the session ends; null: never. */
  readonly expiresAt: Date | null;
  /** Of a browser's session: what its writes have to carry as `x-csrf-token`. null: there is no session. */
  readonly csrfToken: string | null;
}

/** What is read of a request to find out who asks. */
export type Asking = Pick<FastifyRequest, 'headers' | 'ip' | 'protocol'>;

declare module 'fastify' {
  interface FastifyInstance {
    /** True once there is any token, user or provider: see {@link Authenticator}. */
    hasCredentials(): boolean;
  }
  interface FastifyRequest {
    /** Set for every route that is not public. */
    actor: Actor;
    /** What the audit trail says about this request beside its route, parameters and status. */
    auditDetails: Record<string, unknown>;
    /** Who acted, where the route is public: a sign-in. */
    auditActor: string | null;
  }
  interface FastifyContextConfig {
    /** Least role that may use the route; every route must say. */
    access?: Role | 'public';
    /** What the audit trail calls the action; every route that writes must say. null: it changes nothing. */
    audit?: string | null;
    /** True where a credential limited to domains or tags may use the route: its answers are limited alike. */
    scoped?: boolean;
  }
}

/** Everybody on this machine, while no credential is configured. */
export const localActor: Actor = {
  name: 'local',
  role: 'admin',
  scope: null,
  via: 'local',
  expiresAt: null,
  csrfToken: null,
};
