import { printable } from '../lib/printable.js';
import type { Explanation } from '../delivery/routing/explain.js';
import { placeText, type Finding } from '../model/finding.js';
import { findService, type RemoteOptions } from './find-service.js';
import type { Output } from './inspect.js';
import { jsonLine } from '../lib/json-line.js';
import { getJson } from './remote.js';
import type { Wire } from './views/findings.js';
import { relative } from './render-text.js';

/** `certglass alert explain FINDING`: prints which channels are alerted about it, when and why. */
export async function explainAlerts(
  id: string,
  options: RemoteOptions & { readonly json?: boolean },
  output: Output = process,
): Promise<number> {
  const remote = findService(options, process.env);
  const path = `/api/v1/findings/${encodeURIComponent(id)}`;
  const finding = (await getJson(remote, path)) as unknown as Wire<Finding>;
  const { items } = (await getJson(remote, `${path}/alerts`)) as unknown as {
    items: readonly Wire<Explanation>[];
  };
  const text =
    options.json === true
      ? items.map((item) => `${jsonLine(item)}\n`).join('')
      : render(finding, items, new Date());
  output.stdout.write(text);
  return 0;
}

function render(finding: Wire<Finding>, items: readonly Wire<Explanation>[], now: Date): string {
  const { title, severity, state, openedAt, until } = finding;
  const when = (at: string): string =>
    `${at.slice(0, 16).replace('T', ' ')} UTC (${relative(new Date(at), now)})`;
  const end = until === null ? '' : ` until ${when(until)}`;
  const head = [
    printable(`${title}: ${placeText(finding)}`, 300),
    `${severity}, ${state}${end}, opened ${when(openedAt)}`,
  ];
  if (items.length === 0) head.push('No alert channel is configured.');
  const blocks = items.map(({ channel, status, at, why, steps, nextReminderAt }) => [
    '',
    `${channel}: ${status}${at === null ? '' : ` ${when(at)}`}`,
    `  ${printable(why, 400)}`,
    ...steps.map((step) => `  - ${printable(step, 400)}`),
    ...(nextReminderAt === null ? [] : [`  - reminder ${when(nextReminderAt)} if nothing changes`]),
  ]);
  return `${[...head, ...blocks.flat()].join('\n')}\n`;
}
