import { randomUUID } from 'node:crypto';
import swagger from '@fastify/swagger';
import fastify, { LogController, type FastifyBaseLogger } from 'fastify';
import {
  jsonSchemaTransform,
  jsonSchemaTransformObject,
  serializerCompiler,
  validatorCompiler,
  type ZodTypeProvider,
} from 'fastify-type-provider-zod';
import type { Logger } from 'pino';
import { auditWrites } from './access/audit.js';
import { createAuthenticator } from './access/authenticate.js';
import { openCredentials } from './access/credentials.js';
import { guard } from './access/guard.js';
import { createOidcClient } from './access/oidc.js';
import { createSignIn } from './access/sign-in.js';
import { auditRoutes } from './audit.js';
import { channelRoutes } from './channels.js';
import { ctMatchRoutes } from './ct-matches.js';
import { searchRoutes } from './search.js';
import { settingsRoutes } from './settings.js';
import { tokenRoutes } from './tokens.js';
import { userRoutes } from './users.js';
import { certificateRoutes } from './certificates.js';
import type { ApiConfig } from './config.js';
import { ctLogRoutes } from './ct-logs.js';
import { ctRecallRoutes } from './ct-recall.js';
import { backupRoutes } from './backups.js';
import { policyRoutes } from './policy.js';
import { deliveryRoutes } from './deliveries.js';
import { docsRoute } from './docs.js';
import { endpointRoutes } from './endpoints.js';
import { findingAlertRoutes } from './finding-alerts.js';
import { findingRoutes } from './findings.js';
import { issuanceRoutes } from './issuances.js';
import { inventoryRoutes } from './inventory.js';
import { inventoryPushRoutes } from './inventory-push.js';
import { meter } from './metering.js';
import { nameRoutes } from './names.js';
import { observationRoutes } from './observations.js';
import { overviewRoutes } from './overview.js';
import { probeRoutes } from './probe.js';
import { reviewRoutes } from './reviews.js';
import { incidentRoutes } from './incidents.js';
import { evidenceRoutes, reportRoutes } from './reports.js';
import { operationRoutes } from './operation.js';
import { answerProblems, answerUnreadable, refuseConnection } from './problem.js';
import type { ApiAccess, ServiceParts } from './routes.js';
import type { Api } from './server.js';
import { ruleRoutes } from './rules.js';
import { scanRoutes } from './scans.js';
import { sessionRoutes } from './session.js';
import { setupRoutes } from './setup.js';
import { eventRoutes } from './live/events.js';
import { serveSockets } from './live/sockets.js';
import { oidcRoutes } from './oidc.js';
import { openConsole, type Console } from './web/console.js';
import { encodeAnswers } from './web/encoding.js';
import { httpsServerFactory } from './web/https.js';
import { limitRate } from './web/rate.js';
import { noteMethods } from './web/methods.js';

const resources = [
  channelRoutes,
  oidcRoutes,
  eventRoutes,
  settingsRoutes,
  searchRoutes,
  auditRoutes,
  tokenRoutes,
  userRoutes,
  ctMatchRoutes,
  overviewRoutes,
  reportRoutes,
  evidenceRoutes,
  incidentRoutes,
  reviewRoutes,
  probeRoutes,
  sessionRoutes,
  setupRoutes,
  findingRoutes,
  findingAlertRoutes,
  certificateRoutes,
  issuanceRoutes,
  endpointRoutes,
  observationRoutes,
  nameRoutes,
  inventoryRoutes,
  inventoryPushRoutes,
  scanRoutes,
  policyRoutes,
  backupRoutes,
  ctLogRoutes,
  ctRecallRoutes,
  ruleRoutes,
  deliveryRoutes,
  operationRoutes,
] as const;

/** The server with all its routes, not yet listening; see {@link listen}. Closing it lets what is under way finish. */
export async function buildApi(config: ApiConfig, service: ServiceParts, log: Logger): Promise<Api> {
  const loggerInstance: FastifyBaseLogger = log;
  const app: Api = fastify({
    loggerInstance,
    logController: new LogController({ disableRequestLogging: true }),
    genReqId: () => randomUUID(),
    ...(config.tls === null ? {} : { serverFactory: httpsServerFactory(config.tls, log) }),
    trustProxy: config.trustProxy.length === 0 ? false : [...config.trustProxy],
    bodyLimit: 1_048_576,
    requestTimeout: 30_000,
    connectionTimeout: 60_000,
    keepAliveTimeout: 5_000,
    // An endpoint's key holds two names and an address.
    routerOptions: { maxParamLength: 1_024 },
    frameworkErrors: answerUnreadable,
    clientErrorHandler: refuseConnection,
    http: { headersTimeout: 10_000, maxHeaderSize: 16_384 },
    forceCloseConnections: 'idle',
  }).withTypeProvider<ZodTypeProvider>();
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  app.removeContentTypeParser('text/plain');
  const parts = { ...service, ...(await openAccess(config, service, log)) };
  answerProblems(app, noteMethods(app));
  meter(app, parts.metrics, config.maxConcurrentRequests);
  limitRate(app, config.requestsPerSecond);
  serveConsole(app, openConsole(parts.consoleDir));
  app.decorate('hasCredentials', parts.authenticator.hasCredentials);
  guard(app, config, parts.authenticator);
  auditWrites(app, parts.writeAudit, parts.now);
  app.addHook('onSend', async (_request, reply) => {
    for (const [name, value] of Object.entries(safeHeaders))
      if (reply.getHeader(name) === undefined) void reply.header(name, value);
    if (config.tls !== null) void reply.header('strict-transport-security', 'max-age=31536000');
  });
  encodeAnswers(app);
  await describe(app, parts.version);
  docsRoute(app);
  for (const routes of resources) routes(app, parts);
  serveSockets(app, parts);
  return app;
}

async function openAccess(config: ApiConfig, service: ServiceParts, log: Logger): Promise<ApiAccess> {
  const { dataDir, localToken, now } = service;
  const credentials = openCredentials(dataDir, (sentence) =>
    log.error({ problem: sentence }, 'credential ignored'),
  );
  const authenticator = createAuthenticator({ config, credentials, localToken, now });
  const signIn = createSignIn(credentials, config.sessionHours, now);
  return { config, credentials, authenticator, signIn, oidc: createOidcClient(config, now) };
}

/** Pages and their files are the same for everybody, and public. */
function serveConsole(app: Api, console: Console): void {
  app.addHook('onRequest', async (request, reply) => {
    if (request.is404 && console.answer(request, reply)) return reply;
    return undefined;
  });
}

/** Answers are data: no browser may guess their type, run, frame or keep them. */
const safeHeaders = {
  'x-content-type-options': 'nosniff',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
  'cache-control': 'private, no-cache',
} as const;

async function describe(app: Api, version: string): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: { title: 'Certglass', version, license: { name: 'Apache-2.0', identifier: 'Apache-2.0' } },
      components: { securitySchemes: { bearer: { type: 'http', scheme: 'bearer' } } },
      security: [{ bearer: [] }],
    },
    transform: jsonSchemaTransform,
    transformObject: jsonSchemaTransformObject,
  });
  app.get('/api/openapi.json', { config: { access: 'reader' }, schema: { hide: true } }, async () =>
    withoutInputs(app.swagger()),
  );
}

/** Most shapes serve answers alone; the plug-in also writes each as it would look in a request. */
function withoutInputs(document: object): object {
  const { components } = document as { components?: { schemas?: object } };
  const text = JSON.stringify(document);
  const isUsed = (name: string): boolean => text.includes(`"#/components/schemas/${name}"`);
  const schemas = Object.entries(components?.schemas ?? {}).filter(
    ([name]) => !name.endsWith('Input') || isUsed(name),
  );
  return { ...document, components: { ...components, schemas: Object.fromEntries(schemas) } };
}
