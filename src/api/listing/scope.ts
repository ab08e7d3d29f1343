import type { FastifyRequest } from 'fastify';
import { Problem } from '../problem.js';

/** The part of a filter by which a list is limited to what the credential may see. */
export function withinScope({ actor }: FastifyRequest): { readonly withinDomains?: readonly string[] } {
  return actor.scope === null ? {} : { withinDomains: actor.scope.domains };
}

/** The same for findings, which have tags as well. */
export function findingsWithinScope({ actor }: FastifyRequest): {
  readonly withinDomains?: readonly string[];
  readonly withinTags?: readonly string[];
} {
  return actor.scope === null ? {} : { withinDomains: actor.scope.domains, withinTags: actor.scope.tags };
}

/** True when one of these hosts or names is visible to the credential. */
export function isVisible({ actor }: FastifyRequest, hosts: readonly (string | null)[]): boolean {
  if (actor.scope === null) return true;
  const { domains } = actor.scope;
  return hosts.some(
    (host) => host !== null && domains.some((domain) => host === domain || host.endsWith(`.${domain}`)),
  );
}

/** Answers as if it did not exist what the credential may not see. */
export function refuseInvisible(
  request: FastifyRequest,
  hosts: readonly (string | null)[],
  what: string,
): void {
  if (!isVisible(request, hosts)) throw new Problem(404, `there is no ${what}`);
}
