import { randomBytes } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import * as openid from 'openid-client';
import { isLoopbackHost, roles, type ApiConfig, type Role } from '../config.js';
import { Problem } from '../problem.js';
import { cookieOf, isSecure, setCookie } from './cookies.js';

type OidcConfig = NonNullable<ApiConfig['oidc']>;

/** Who a provider vouched for. */
export interface Vouched {
  readonly name: string;
  readonly role: Role;
  /** A path of ours to go to. */
  readonly next: string;
}

/** Signing in through a provider: the authorization code flow with PKCE (RFC 9700). */
export interface OidcClient {
  readonly label: string;
  /** Where to send the browser. */
  begin(request: FastifyRequest, reply: FastifyReply, next: string): Promise<string>;
  /** Who came back. Throws a Problem when the flow was not begun here, or the provider's answer does not hold. */
  finish(request: FastifyRequest, reply: FastifyReply): Promise<Vouched>;
}

/** A flow that was begun in one browser. */
interface Flow {
  readonly codeVerifier: string;
  readonly state: string;
  readonly nonce: string;
  readonly redirectUri: string;
  readonly next: string;
  readonly endsAtMs: number;
}

const flowCookie = 'certglass-oidc';
const flowSeconds = 600;
const maxFlows = 1_000;
/** Where the provider sends the browser back to. */
export const callbackPath = '/api/v1/session/oidc/callback';

/** See {@link OidcClient}. The provider is asked for its endpoints and keys when somebody signs in for the first time. */
export function createOidcClient({ oidc, publicUrl }: ApiConfig, now: () => Date): OidcClient | null {
  if (oidc === null) return null;
  const flows = new Map<string, Flow>();
  let discovered: Promise<openid.Configuration> | null = null;
  const provider = (): Promise<openid.Configuration> => {
    discovered ??= discover(oidc).catch((error: unknown) => {
      discovered = null;
      throw new Problem(503, `the sign-in provider ${oidc.issuer} does not answer: ${reasonOf(error)}`);
    });
    return discovered;
  };
  return {
    label: oidc.label,
    async begin(request, reply, next) {
      const configuration = await provider();
      const origin = publicUrl ?? `${isSecure(request) ? 'https' : 'http'}://${request.headers.host}`;
      const flow: Flow = {
        codeVerifier: openid.randomPKCECodeVerifier(),
        state: openid.randomState(),
        nonce: openid.randomNonce(),
        redirectUri: new URL(callbackPath, origin).href,
        next: safePath(next),
        endsAtMs: now().getTime() + flowSeconds * 1_000,
      };
      const id = randomBytes(24).toString('base64url');
      flows.set(id, flow);
      const [oldest] = flows.keys();
      if (flows.size > maxFlows && oldest !== undefined) flows.delete(oldest);
      // Lax: the provider's page leads back here.
      setCookie(reply, request, { name: flowCookie, value: id, maxAgeSeconds: flowSeconds, sameSite: 'Lax' });
      return openid.buildAuthorizationUrl(configuration, {
        redirect_uri: flow.redirectUri,
        scope: oidc.scopes.join(' '),
        code_challenge: await openid.calculatePKCECodeChallenge(flow.codeVerifier),
        code_challenge_method: 'S256',
        state: flow.state,
        nonce: flow.nonce,
      }).href;
    },
    async finish(request, reply) {
      const id = cookieOf(request, flowCookie) ?? '';
      const flow = flows.get(id);
      flows.delete(id);
      setCookie(reply, request, { name: flowCookie, value: '', maxAgeSeconds: 0, sameSite: 'Lax' });
      if (flow === undefined || now().getTime() >= flow.endsAtMs)
        throw new Problem(401, 'this sign-in was not begun in this browser, or took too long; begin again');
      const claims = await claimsOf(await provider(), flow, request);
      return { ...vouchedBy(claims, oidc), next: flow.next };
    },
  };
}

function discover({ issuer, clientId, clientSecret }: OidcConfig): Promise<openid.Configuration> {
  const url = new URL(issuer);
  // Plain HTTP is for a provider on this machine alone.
  const execute = isLoopbackHost(url.hostname) ? [openid.allowInsecureRequests] : [];
  return openid.discovery(url, clientId, clientSecret, undefined, { execute, timeout: 10 });
}

async function claimsOf(
  configuration: openid.Configuration,
  { codeVerifier, state, nonce, redirectUri }: Flow,
  request: FastifyRequest,
): Promise<Readonly<Record<string, unknown>>> {
  const current = new URL(redirectUri);
  current.search = new URL(request.url, redirectUri).search;
  try {
    const tokens = await openid.authorizationCodeGrant(configuration, current, {
      pkceCodeVerifier: codeVerifier,
      expectedState: state,
      expectedNonce: nonce,
      idTokenExpected: true,
    });
    return tokens.claims() ?? {};
  } catch (error) {
    throw new Problem(401, `the provider's answer was refused: ${reasonOf(error)}`);
  }
}

/** Name and role by the claims; the highest role of the groups counts. */
function vouchedBy(claims: Readonly<Record<string, unknown>>, oidc: OidcConfig): Omit<Vouched, 'next'> {
  const name = String(claims[oidc.nameClaim] ?? claims['sub'] ?? '').slice(0, 64);
  const groups = [claims[oidc.groupsClaim] ?? []].flat().map(String);
  const held = groups.flatMap((group) => (Object.hasOwn(oidc.roles, group) ? [oidc.roles[group]] : []));
  const role = roles.findLast((one) => held.includes(one));
  if (name === '' || role === undefined)
    throw new Problem(403, `${name || 'the user'} is in no group that api.oidc.roles gives a role`);
  return { name, role };
}

/** A path of this site; everything else becomes the start page. */
function safePath(path: string): string {
  return /^\/(?![/\\])[\x21-\x7e]*$/.test(path) ? path : '/';
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
