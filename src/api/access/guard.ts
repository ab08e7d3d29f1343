import type { FastifyRequest } from 'fastify';
import { roles, type ApiConfig } from '../config.js';
import { Problem } from '../problem.js';
import type { Api } from '../server.js';
import { localActor, type Actor } from './actor.js';
import type { Authenticator } from './authenticate.js';
import { refuseForeignHost, refuseForeignPage } from './origin.js';

/** What writes nothing, and so needs no proof that a page of ours sent it. */
const safeMethods = new Set(['GET', 'HEAD', 'OPTIONS']);

/** Guards every route, unknown ones included: nothing but what is marked public answers without being allowed to. */
export function guard(app: Api, config: ApiConfig, authenticator: Authenticator): void {
  app.decorateRequest('actor', null as unknown as Actor);
  app.addHook('onRoute', ({ url, method, config: route }) => {
    if (route?.access === undefined) throw new Error(`${url} does not say who may use it`);
    const writes = [method].flat().some((one) => !safeMethods.has(one));
    if (writes && route.audit === undefined)
      throw new Error(`${url} does not say what the audit trail calls it`);
  });
  app.addHook('onRequest', async (request) => {
    const isOpen = authenticator.isOpen();
    refuseForeignHost(request, config, isOpen);
    if (isOpen || request.headers.authorization === undefined) refuseForeignWrite(request, isOpen);
    const needed = request.routeOptions.config.access ?? 'reader';
    if (needed === 'public') return;
    request.actor = authenticator.actorOf(request) ?? (isOpen ? localActor : refuse());
    proveOwnPage(request);
    permit(request, needed);
  });
}

/** Pages of other sites may link here, but nothing of them may read or write; without credentials not even that. */
function refuseForeignWrite(request: FastifyRequest, isOpen: boolean): void {
  if (isOpen || !safeMethods.has(request.method)) refuseForeignPage(request);
}

function refuse(): never {
  throw new Problem(401, 'a bearer token or a session is needed', {
    'www-authenticate': 'Bearer realm="certglass"',
  });
}

/** A session's cookie is sent by the browser, whoever made it ask: a write has to show what only our own page was given. */
function proveOwnPage(request: FastifyRequest): void {
  const { csrfToken } = request.actor;
  if (csrfToken === null || safeMethods.has(request.method)) return;
  if (request.headers['x-csrf-token'] !== csrfToken)
    throw new Problem(403, 'the header x-csrf-token does not hold the csrfToken of /api/v1/me');
}

function permit(request: FastifyRequest, needed: (typeof roles)[number]): void {
  const { actor, routeOptions } = request;
  const what = actor.via === 'token' ? 'the token ' : '';
  if (roles.indexOf(actor.role) < roles.indexOf(needed))
    throw new Problem(403, `this needs the role ${needed}; ${what}${actor.name} has the role ${actor.role}`);
  if (actor.scope !== null && routeOptions.url !== undefined && routeOptions.config.scoped !== true)
    throw new Problem(403, `${what}${actor.name} is limited to ${scopeText(actor)}; this is not part of it`);
}

function scopeText({ scope }: Actor): string {
  const parts = [...(scope?.domains ?? []), ...(scope?.tags ?? []).map((tag) => `tag ${tag}`)];
  return parts.length === 0 ? 'nothing' : parts.slice(0, 5).join(', ');
}
