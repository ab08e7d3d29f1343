import { readFile } from 'node:fs/promises';
import { parse } from 'yaml';
import { jsonLine } from '../lib/json-line.js';
import { printable } from '../lib/printable.js';
import type { PolicyPreview, PreviewedFinding } from '../model/policy-preview.js';
import { findService, type RemoteOptions } from './find-service.js';
import type { PolicyExplanation } from '../model/policy-explanation.js';
import { getJson, postJson } from './remote.js';

/** `certglass policy explain NAME`: what the policy of the running service says of it, and why. */
export async function explainName(
  name: string,
  options: RemoteOptions & { readonly address?: string; readonly issuer?: string; readonly json?: boolean },
): Promise<number> {
  const query = new URLSearchParams({ name });
  if (options.address !== undefined) query.set('address', options.address);
  if (options.issuer !== undefined) query.set('issuer', options.issuer);
  const remote = findService(options, process.env);
  const found = (await getJson(remote, `/api/v1/policy/explain?${query}`)) as unknown as PolicyExplanation;
  const lines = options.json === true ? [jsonLine(found)] : explained(found);
  process.stdout.write(`${lines.join('\n')}\n`);
  return 0;
}

function explained(found: PolicyExplanation): readonly string[] {
  const { owner, environment, tags, line, considered, expiring, rules, exceptions } = found;
  const share = (fraction: number): string => `${Math.round(fraction * 1000) / 10} %`;
  const because = considered.map(
    (one) =>
      `  policy.owners line ${one.line + 1} ${one.applies ? 'applies' : 'does not apply'}: ${one.because}`,
  );
  const rows: readonly (readonly [string, string])[] = [
    ['name', found.name],
    ['domain', found.ownedDomain ?? 'under no owned domain'],
    ['owner', `${owner ?? 'none'}${line === null ? '' : ` (line ${line + 1})`}`],
    ['environment', environment ?? 'none'],
    ['tags', tags.join(', ') || 'none'],
    ['issuers', found.approvedIssuers.join('; ') || 'any'],
    [
      'expiring',
      `warning below ${share(expiring.warnFraction)} of the lifetime, not before ${expiring.warnDays} days; error below ${share(expiring.errorFraction)}, not before ${expiring.errorDays} days`,
    ],
    ...rules.map(({ rule, enabled, severity }): readonly [string, string] => [
      'rule',
      `${rule} is ${enabled ? (severity ?? 'on') : 'off'}`,
    ]),
    ...exceptions.map((one): readonly [string, string] => [
      'exception',
      `${one.rules.join(', ')} until ${one.expires}: ${one.reason} (${one.approver})`,
    ]),
  ];
  return [
    ...rows.map(([label, value]) => printable(`${label.padEnd(12)} ${value}`)),
    ...because.map((text) => printable(text)),
  ];
}

/** `certglass policy diff FILE`: exit code 1 when a finding would open, close or change. */
export async function diffPolicy(
  file: string,
  options: RemoteOptions & { readonly json?: boolean },
): Promise<number> {
  const policy = await readPolicy(file);
  const remote = findService(options, process.env);
  const preview = (await postJson(remote, '/api/v1/policy/preview', { policy })) as unknown as PolicyPreview;
  const { opens, closes, changes, counts } = preview;
  if (options.json === true) process.stdout.write(`${jsonLine(preview)}\n`);
  else {
    const lines = [
      ...opens.map((one) => `+ ${textOf(one)}`),
      ...closes.map((one) => `- ${textOf(one)}`),
      ...changes.map(({ before, after }) => `~ ${textOf(after)} (now ${before.severity}, ${before.state})`),
      `${counts.opens} would open, ${counts.closes} would close, ${counts.changes} would change.`,
    ];
    process.stdout.write(`${lines.join('\n')}\n`);
  }
  return counts.opens + counts.closes + counts.changes === 0 ? 0 : 1;
}

function textOf({ rule, severity, state, title, host, subject }: PreviewedFinding): string {
  const place = host ?? `${subject.kind} ${subject.key}`;
  return `${severity.padEnd(8)} ${rule}  ${printable(place)}  ${printable(title)}${state === 'open' ? '' : `  [${state}]`}`;
}

/** The section `policy` of a configuration, or a file that holds only what stands in it. */
async function readPolicy(file: string): Promise<unknown> {
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new Error(`${file} cannot be read`, { cause });
  });
  const content = parse(text) as unknown;
  if (typeof content !== 'object' || content === null || Array.isArray(content))
    throw new Error(`${file} holds no policy: write the keys of \`policy\`, or give a configuration`);
  return 'policy' in content ? content.policy : content;
}
