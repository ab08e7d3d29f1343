import { z } from 'zod';
import { secretString } from '../lib/secret.js';
import type { Severity } from '../model/severity.js';
import { channelKind, type Message } from './channel.js';
import { httpChannel, receiverShape } from './http/receiver.js';
import { headlineOf, oneLine } from './message/anatomy.js';
import { limits } from './message/limits.js';
import { plain, writeText } from './message/write.js';

const priorities: Readonly<Record<Severity, string>> = {
  critical: 'P1',
  error: 'P2',
  warning: 'P3',
  notice: 'P5',
};

/** Jira Service Management Operations (the successor of Opsgenie): an alert for each cause, closed by its alias. */
export const jiraServiceManagement = channelKind({
  takes: 'incident',
  config: z.strictObject({
    type: z.literal('jira-service-management').describe('Jira Service Management Operations, once Opsgenie.'),
    apiKey: secretString.describe('Key of an API integration, best as ${ENV} or file:PATH.'),
    baseUrl: z
      .url({ protocol: /^https?$/ })
      .default('https://api.atlassian.com/jsm/ops/integration/v2')
      .describe('API. For Opsgenie until it ends in April 2027: https://api.opsgenie.com/v2.'),
    ...receiverShape,
  }),
  example: { type: 'jira-service-management', apiKey: '00000000-0000-0000-0000-000000000000' },
  create: (config, context) =>
    httpChannel(config, context, {
      secrets: [config.apiKey],
      deliver(message, receiver, signal) {
        const headers = { authorization: `GenieKey ${config.apiKey}` };
        const alias = `${config.baseUrl}/alerts/${message.thread}`;
        if (message.action === 'trigger')
          return receiver.ask({ url: `${config.baseUrl}/alerts`, headers, body: alertOf(message) }, signal);
        const verb = message.action === 'resolve' ? 'close' : 'acknowledge';
        const body = { source: 'Certglass', note: oneLine(headlineOf(message), 500) };
        return receiver.ask({ url: `${alias}/${verb}?identifierType=alias`, headers, body }, signal);
      },
    }),
});

function alertOf(message: Message) {
  const { body } = writeText(message, limits.jiraServiceManagement, plain);
  const [worst] = message.alerts;
  return {
    message: oneLine(headlineOf(message), 120),
    alias: message.thread,
    description: body.slice(0, 15_000),
    source: 'Certglass',
    entity: oneLine(worst?.place ?? 'certglass', 500),
    priority: priorities[message.open[0]?.severity ?? 'notice'],
    tags: [...new Set(['certglass', ...message.alerts.map(({ rule }) => oneLine(rule, 50))])].slice(0, 20),
  };
}
