import { z } from 'zod';
import { signedAwsHeaders } from '../lib/aws-signature.js';
import { secretString } from '../lib/secret.js';
import { channelKind } from './channel.js';
import { httpChannel, receiverShape } from './http/receiver.js';
import { limits } from './message/limits.js';
import { plain, writeText } from './message/write.js';

/** An AWS SNS topic: plain text for its subscribers, with severity and rule as attributes to filter by. */
export const sns = channelKind({
  takes: 'digest',
  config: z.strictObject({
    type: z.literal('sns').describe('An AWS SNS topic.'),
    topicArn: z
      .string()
      .regex(/^arn:aws[a-z-]*:sns:[a-z0-9-]+:\d{12}:[A-Za-z0-9_.-]+$/, 'must be the ARN of a topic')
      .describe('ARN of the topic; the region is read from it.'),
    accessKeyId: secretString.describe('Access key that may sns:Publish, best as ${ENV}.'),
    secretAccessKey: secretString.describe('Its secret, best as ${ENV} or file:PATH.'),
    sessionToken: secretString.nullable().default(null).describe('Session token of temporary credentials.'),
    endpoint: z
      .url({ protocol: /^https?$/ })
      .nullable()
      .default(null)
      .describe('Endpoint; null means https://sns.REGION.amazonaws.com.'),
    ...receiverShape,
  }),
  example: {
    type: 'sns',
    topicArn: 'arn:aws:sns:eu-central-1:123456789012:certglass',
    accessKeyId: '${AWS_ACCESS_KEY_ID}',
    secretAccessKey: '${AWS_SECRET_ACCESS_KEY}',
  },
  create: (config, context) =>
    httpChannel(config, context, {
      secrets: [config.secretAccessKey, config.sessionToken],
      deliver(message, receiver, signal) {
        const [, , , region = ''] = config.topicArn.split(':');
        const url = new URL(config.endpoint ?? `https://sns.${region}.amazonaws.com/`);
        const { headline, body } = writeText(message, limits.sns, plain);
        const attributes = {
          severity: message.open[0]?.severity ?? 'resolved',
          rule: message.alerts[0]?.rule ?? message.kind,
        };
        const text = new URLSearchParams({
          Action: 'Publish',
          Version: '2010-03-31',
          TopicArn: config.topicArn,
          // ASCII without control characters, at most 100 characters.
          Subject: headline.replace(/[^\x20-\x7e]/g, '?').slice(0, 99),
          Message: `${headline}\n\n${body}`,
          ...attributesOf(attributes),
        }).toString();
        const headers = { 'content-type': 'application/x-www-form-urlencoded' };
        const request = { method: 'POST', url, headers, body: text, service: 'sns', region };
        const { host: _host, ...signed } = signedAwsHeaders(request, config, new Date());
        return receiver.ask({ url: url.href, headers: signed, body: text }, signal);
      },
    }),
});

function attributesOf(attributes: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(attributes).flatMap(([name, value], index) => [
      [`MessageAttributes.entry.${index + 1}.Name`, name],
      [`MessageAttributes.entry.${index + 1}.Value.DataType`, 'String'],
      [`MessageAttributes.entry.${index + 1}.Value.StringValue`, value],
    ]),
  );
}
