import { z } from 'zod';
import { secretString } from '../lib/secret.js';
import type { Severity } from '../model/severity.js';
import { channelKind, type Message } from './channel.js';
import { httpChannel, receiverShape, receiverUrl, type Answer } from './http/receiver.js';
import { headlineOf, oneLine } from './message/anatomy.js';
import { limits } from './message/limits.js';
import { plain, writeText } from './message/write.js';

const urgencies: Readonly<Record<Severity, string>> = {
  critical: '1',
  error: '2',
  warning: '3',
  notice: '3',
};
/** State "Resolved" of an incident on an instance as it comes. */
const resolvedState = '6';

/** ServiceNow: an incident for each cause, found again by its correlation_id before one is created. */
export const servicenow = channelKind({
  takes: 'incident',
  config: z.strictObject({
    type: z.literal('servicenow').describe('ServiceNow incidents.'),
    instance: receiverUrl.describe('Address of the instance, for example https://example.service-now.com.'),
    user: z.string().min(1).describe('User that may read and write incidents.'),
    password: secretString.describe('Password of that user, best as ${ENV} or file:PATH.'),
    table: z
      .string()
      .regex(/^[a-z][a-z0-9_]*$/, 'must be the name of a table')
      .default('incident')
      .describe('Table of the incidents.'),
    assignmentGroup: z.string().nullable().default(null).describe('Assignment group; null means none.'),
    closeCode: z.string().default('Solved (Permanently)').describe('close_code of a resolved incident.'),
    ...receiverShape,
  }),
  example: {
    type: 'servicenow',
    instance: 'https://example.service-now.com',
    user: 'certglass',
    password: '${SERVICENOW_PASSWORD}',
  },
  create: (config, context) =>
    httpChannel(config, context, {
      secrets: [config.password],
      async deliver(message, receiver, signal) {
        const basic = Buffer.from(`${config.user}:${config.password}`).toString('base64');
        const headers = { authorization: `Basic ${basic}`, accept: 'application/json' };
        const table = `${config.instance.replace(/\/+$/, '')}/api/now/table/${config.table}`;
        const query = encodeURIComponent(
          `correlation_id=${message.thread}^active=true^state!=${resolvedState}`,
        );
        const found = await receiver.ask(
          {
            method: 'GET',
            url: `${table}?sysparm_query=${query}&sysparm_fields=sys_id&sysparm_limit=1`,
            headers,
          },
          signal,
        );
        if (!found.ok) return found;
        const id = firstId(found);
        if (id !== null)
          return receiver.ask(
            { method: 'PATCH', url: `${table}/${id}`, headers, body: updateOf(message, config) },
            signal,
          );
        if (message.action !== 'trigger') return null;
        return receiver.ask({ url: table, headers, body: incidentOf(message, config) }, signal);
      },
    }),
});

function firstId({ json }: Answer): string | null {
  const [row] = (json?.['result'] ?? []) as readonly { sys_id?: unknown }[];
  const id = String(row?.sys_id ?? '');
  return /^[0-9a-f]{32}$/.test(id) ? id : null;
}

function incidentOf(message: Message, { assignmentGroup }: { assignmentGroup: string | null }) {
  const { body } = writeText(message, limits.servicenow, plain);
  const urgency = urgencies[message.open[0]?.severity ?? 'notice'];
  return {
    short_description: oneLine(headlineOf(message), 150),
    description: body.slice(0, 4_000),
    correlation_id: message.thread,
    correlation_display: 'Certglass',
    urgency,
    impact: urgency,
    category: 'network',
    ...(assignmentGroup === null ? {} : { assignment_group: assignmentGroup }),
  };
}

function updateOf(message: Message, { closeCode }: { closeCode: string }) {
  const { headline, body } = writeText(message, limits.servicenow, plain);
  const notes = `${headline}\n${body}`.slice(0, 4_000);
  if (message.action !== 'resolve') return { work_notes: notes };
  return { state: resolvedState, close_code: closeCode, close_notes: notes };
}
