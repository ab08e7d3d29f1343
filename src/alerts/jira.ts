import { z } from 'zod';
import { secretString } from '../lib/secret.js';
import { channelKind, type Message } from './channel.js';
import { httpChannel, receiverShape, receiverUrl, type Answer } from './http/receiver.js';
import { headlineOf, oneLine } from './message/anatomy.js';
import { limits } from './message/limits.js';
import { plain, writeText } from './message/write.js';

/**
 * Jira Cloud: an issue for each cause. Creating one is not idempotent, so an open issue with our label is searched first, always; the
 * issue is commented on when something changes, and moved to a closing status in the end where one is configured.
 */
export const jira = channelKind({
  takes: 'incident',
  config: z.strictObject({
    type: z.literal('jira').describe('Jira Cloud issues.'),
    site: receiverUrl.describe('Address of the site, for example https://example.atlassian.net.'),
    user: z.string().min(1).describe('E-mail address of the account that writes.'),
    apiToken: secretString.describe('API token of that account, best as ${ENV} or file:PATH.'),
    project: z
      .string()
      .regex(/^[A-Z][A-Z0-9_]+$/, 'must be a project key, for example OPS')
      .describe('Project key.'),
    issueType: z.string().min(1).default('Task').describe('Name of the issue type.'),
    closeTransition: z
      .string()
      .min(1)
      .nullable()
      .default('Done')
      .describe('Name of the transition that closes an issue; null means that people close issues.'),
    ...receiverShape,
  }),
  example: {
    type: 'jira',
    site: 'https://example.atlassian.net',
    user: 'certglass@example.com',
    apiToken: '${JIRA_TOKEN}',
    project: 'OPS',
  },
  create: (config, context) =>
    httpChannel(config, context, {
      secrets: [config.apiToken],
      async deliver(message, receiver, signal) {
        const basic = Buffer.from(`${config.user}:${config.apiToken}`).toString('base64');
        const headers = { authorization: `Basic ${basic}`, accept: 'application/json' };
        const call = (method: 'GET' | 'POST', path: string, body?: object): Promise<Answer> =>
          receiver.ask(
            {
              method,
              url: `${config.site.replace(/\/+$/, '')}/rest/api/3/${path}`,
              headers,
              ...(body === undefined ? {} : { body }),
            },
            signal,
          );
        const label = `certglass-${message.thread}`;
        // Quoted values of our own hex only: nothing hostile reaches the query.
        const jql = `project = "${config.project}" AND labels = "${label}" AND statusCategory != Done`;
        const found = await call(
          'GET',
          `search/jql?jql=${encodeURIComponent(jql)}&fields=status&maxResults=1`,
        );
        if (!found.ok) return found;
        const key = firstKey(found);
        if (key === null)
          return message.action === 'trigger' ? call('POST', 'issue', issueOf(message, label, config)) : null;
        const commented = await call('POST', `issue/${key}/comment`, { body: documentOf(message) });
        if (!commented.ok || message.action !== 'resolve' || config.closeTransition === null)
          return commented;
        return close(key, config.closeTransition, call);
      },
    }),
});

type Call = (method: 'GET' | 'POST', path: string, body?: object) => Promise<Answer>;

async function close(key: string, name: string, call: Call): Promise<Answer> {
  const answer = await call('GET', `issue/${key}/transitions`);
  const transitions = (answer.json?.['transitions'] ?? []) as readonly { id?: unknown; name?: unknown }[];
  const wanted = transitions.find(
    (transition) => String(transition.name).toLowerCase() === name.toLowerCase(),
  );
  if (!answer.ok || wanted === undefined) return answer;
  return call('POST', `issue/${key}/transitions`, { transition: { id: String(wanted.id) } });
}

function firstKey({ json }: Answer): string | null {
  const [issue] = (json?.['issues'] ?? []) as readonly { key?: unknown }[];
  const key = String(issue?.key ?? '');
  return /^[A-Z][A-Z0-9_]+-\d+$/.test(key) ? key : null;
}

function issueOf(
  message: Message,
  label: string,
  { project, issueType }: { project: string; issueType: string },
) {
  return {
    fields: {
      project: { key: project },
      issuetype: { name: issueType },
      summary: oneLine(headlineOf(message), 240),
      labels: ['certglass', label],
      description: documentOf(message),
    },
  };
}

/** Atlassian Document Format: text nodes, in which nothing is markup. */
function documentOf(message: Message) {
  const { headline, body } = writeText(message, limits.jira, plain);
  const paragraphs = [headline, ...body.split('\n\n')].filter((part) => part !== '');
  return {
    type: 'doc',
    version: 1,
    content: paragraphs.map((part) => ({
      type: 'paragraph',
      content: part
        .split('\n')
        .flatMap((line, index) => [
          ...(index === 0 ? [] : [{ type: 'hardBreak' }]),
          ...(line === '' ? [] : [{ type: 'text', text: line }]),
        ]),
    })),
  };
}
