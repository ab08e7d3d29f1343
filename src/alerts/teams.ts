import { z } from 'zod';
import { channelKind, type Alert, type Message } from './channel.js';
import { httpChannel, receiverShape, receiverUrl } from './http/receiver.js';
import { factsBeside, factsOf, headlineOf, oneLine, titleOf } from './message/anatomy.js';
import { escapeMarkdown } from './message/escape.js';
import { fit, limits, moreText } from './message/limits.js';

/**
 * Microsoft Teams by a Workflows trigger ("When a Teams webhook request is received"): one Adaptive Card. Text in cards is a
 * subset of Markdown, so values are escaped; mentions would need entities, which are never sent.
 */
export const teams = channelKind({
  takes: 'digest',
  config: z.strictObject({
    type: z.literal('teams').describe('Microsoft Teams, by a Workflows webhook.'),
    url: receiverUrl.describe('URL of the workflow; it is a secret.'),
    ...receiverShape,
  }),
  example: {
    type: 'teams',
    url: 'https://prod-00.environment.api.powerplatform.com/powerautomate/automations/direct/workflows/0/triggers/manual/paths/invoke?sig=0',
  },
  create: (config, context) =>
    httpChannel(config, context, {
      secrets: [config.url, new URL(config.url).searchParams.get('sig')],
      deliver: (message, receiver, signal) =>
        receiver.ask({ url: config.url, body: teamsBody(message) }, signal),
    }),
});

function teamsBody(message: Message) {
  const { shown, omitted } = fit(message, limits.teams, partsOf, (parts) => JSON.stringify(parts));
  const more = moreText(omitted);
  const beside = factsBeside(message);
  const card = {
    $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
    type: 'AdaptiveCard',
    version: '1.4',
    msteams: { width: 'Full' },
    fallbackText: escapeMarkdown(oneLine(headlineOf(message), 300)),
    body: [
      textBlock(headlineOf(message), { size: 'Large', weight: 'Bolder' }),
      ...shown.flat(),
      ...(beside.length === 0 ? [] : [factSet(beside)]),
      ...(more === null ? [] : [textBlock(more, { isSubtle: true })]),
    ],
    ...(message.link === null
      ? {}
      : { actions: [{ type: 'Action.OpenUrl', title: 'Open in Certglass', url: message.link }] }),
  };
  return {
    type: 'message',
    attachments: [
      { contentType: 'application/vnd.microsoft.card.adaptive', contentUrl: null, content: card },
    ],
  };
}

const colours = { critical: 'Attention', error: 'Attention', warning: 'Warning', notice: 'Default' } as const;

function partsOf(alert: Alert, maxText: number): readonly object[] {
  const color = alert.state === 'resolved' ? 'Good' : colours[alert.severity];
  return [
    { ...textBlock(titleOf(alert), { weight: 'Bolder', color }), separator: true },
    factSet(factsOf(alert), maxText),
    ...(alert.link === null
      ? []
      : [{ type: 'TextBlock', wrap: true, text: `[Open this finding](${alert.link})` }]),
  ];
}

function textBlock(text: string, look: object) {
  return { type: 'TextBlock', wrap: true, text: escapeMarkdown(oneLine(text, 250)), ...look };
}

function factSet(facts: readonly (readonly [string, string])[], maxText = 300) {
  return {
    type: 'FactSet',
    facts: facts.map(([title, value]) => ({
      title: escapeMarkdown(oneLine(title, 60)),
      value: escapeMarkdown(oneLine(value, maxText)),
    })),
  };
}
