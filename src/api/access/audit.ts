import type { AuditEntry } from '../../model/audit-entry.js';
import type { Api } from '../server.js';

/** Writes one entry of the audit trail. */
export type WriteAudit = (entry: AuditEntry) => Promise<void>;

/**
 * Notes every write in the audit trail before it is answered, refused ones of known actors and failed sign-ins among them. An answer is
 * not held back by a trail that cannot be written: what it reports has happened.
 */
export function auditWrites(app: Api, write: WriteAudit, now: () => Date): void {
  app.decorateRequest('auditActor', null);
  app.decorateRequest('auditDetails');
  app.addHook('onRequest', async (request) => {
    request.auditDetails = {};
  });
  app.addHook('onSend', async (request, reply) => {
    const action = request.routeOptions.config.audit ?? null;
    const actor = request.auditActor ?? (request.actor as typeof request.actor | null)?.name ?? null;
    if (action === null || actor === null) return;
    const subject = Object.values((request.params ?? {}) as Record<string, unknown>)
      .map(String)
      .join(' ')
      .slice(0, 1_000);
    const details = { ...request.auditDetails, status: reply.statusCode, address: request.ip };
    await write({ at: now(), actor, action, subject, details }).catch((error: unknown) =>
      request.log.error({ err: error, action, actor }, 'audit entry could not be written'),
    );
  });
}
