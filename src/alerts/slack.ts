import { z } from 'zod';
import { channelKind, type Alert, type Message } from './channel.js';
import { httpChannel, receiverShape, receiverUrl } from './http/receiver.js';
import { factsBeside, factsOf, headlineOf, oneLine, titleOf } from './message/anatomy.js';
import { escapeAngles, withoutMentions } from './message/escape.js';
import { fit, limits, moreText } from './message/limits.js';

/**
 * Slack by an incoming webhook. Values stand in `plain_text` blocks, where Slack knows no markup, mentions or links; only
 * links to the console are mrkdwn.
 */
export const slack = channelKind({
  takes: 'digest',
  config: z.strictObject({
    type: z.literal('slack').describe('Slack, by an incoming webhook.'),
    url: receiverUrl.describe('URL of the incoming webhook; it is a secret.'),
    ...receiverShape,
  }),
  example: { type: 'slack', url: 'https://hooks.slack.com/services/T000/B000/TOKEN' },
  create: (config, context) =>
    httpChannel(config, context, {
      secrets: [config.url],
      deliver: (message, receiver, signal) =>
        receiver.ask({ url: config.url, body: slackBody(message) }, signal),
    }),
});

function slackBody(message: Message) {
  const { shown, omitted } = fit(message, limits.slack, blocksOf, (blocks) => JSON.stringify(blocks));
  const more = moreText(omitted);
  const beside = factsBeside(message);
  const facts = beside.length === 0 ? [] : [section(lines(beside))];
  const page = message.link === null ? null : `<${message.link}|All of them>`;
  const last = [more, page].filter((part) => part !== null).join(' - ');
  return {
    // For notifications and screen readers.
    text: escapeAngles(oneLine(headlineOf(message), 300)),
    mrkdwn: false,
    unfurl_links: false,
    unfurl_media: false,
    blocks: [
      { type: 'header', text: plainText(headlineOf(message), 150) },
      ...shown.flat(),
      ...facts,
      ...(last === '' ? [] : [{ type: 'context', elements: [{ type: 'mrkdwn', text: last }] }]),
    ],
  };
}

function blocksOf(alert: Alert, maxText: number): readonly object[] {
  const text = `${oneLine(titleOf(alert), 200)}\n${lines(factsOf(alert), maxText)}`;
  const link = { type: 'mrkdwn', text: `<${alert.link ?? ''}|Open in Certglass>` };
  return [section(text), ...(alert.link === null ? [] : [{ type: 'context', elements: [link] }])];
}

function lines(facts: readonly (readonly [string, string])[], maxText = 300): string {
  return facts.map(([label, text]) => `${oneLine(label, 60)}: ${oneLine(text, maxText)}`).join('\n');
}

function section(text: string) {
  const safe = text
    .split('\n')
    .map((line) => withoutMentions(line))
    .join('\n');
  return { type: 'section', text: { type: 'plain_text', emoji: false, text: safe.slice(0, 2_900) } };
}

function plainText(text: string, max: number) {
  return { type: 'plain_text', emoji: false, text: withoutMentions(oneLine(text, max - 10)).slice(0, max) };
}
