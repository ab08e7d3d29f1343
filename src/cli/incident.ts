import { jsonLine } from '../lib/json-line.js';
import { printable } from '../lib/printable.js';
import { findService, type RemoteOptions } from './find-service.js';
import { lookOf } from './look.js';
import { getJson, postJson, type Remote } from './remote.js';
import { fetchReport, type ReportForm } from './report.js';
import { renderTable } from './table.js';

/** Options of `certglass incident KIND VALUE`. */
export interface IncidentOptions extends RemoteOptions {
  readonly note?: string;
  readonly drill?: boolean;
  readonly json?: boolean;
}

interface Progress {
  readonly certificates: number;
  readonly reissued: number;
  readonly notServed: number;
  readonly endpointsServing: number;
  readonly endpointsReplaced: number;
}

interface Incident {
  readonly id: string;
  readonly kind: string;
  readonly value: string;
  readonly drill: boolean;
  readonly openedAt: string;
  readonly openedBy: string;
  readonly closedAt: string | null;
  readonly atOpening: Progress;
  readonly progress?: Progress;
}

/** `certglass incident ca|key|log|issuer|intermediate VALUE`: opens an incident and says what is affected. */
export async function openIncident(kind: string, value: string, options: IncidentOptions): Promise<number> {
  const remote = findService(options, process.env);
  const body = { kind, value, drill: options.drill === true, note: options.note ?? '' };
  const incident = (await postJson(remote, '/api/v1/incidents', body)) as unknown as Incident;
  print(incident, options.json === true);
  if (options.json !== true)
    process.stdout.write(
      `What to replace, in order: certglass incident report ${incident.id} --out incident.html\n`,
    );
  return 0;
}

/** `certglass incident list`. */
export async function listIncidents(options: IncidentOptions): Promise<number> {
  const { items } = (await getJson(findService(options, process.env), '/api/v1/incidents')) as unknown as {
    readonly items: readonly Incident[];
  };
  if (options.json === true) for (const item of items) process.stdout.write(`${jsonLine(item)}\n`);
  else process.stdout.write(renderTable(items, columns, lookOf(process.stdout, process.env)));
  return 0;
}

/** `certglass incident show ID`: exit code 1 while something is left to do. */
export async function showIncident(id: string, options: IncidentOptions): Promise<number> {
  const remote = findService(options, process.env);
  const incident = (await getJson(remote, pathOf(id))) as unknown as Incident;
  print(incident, options.json === true);
  return (incident.progress ?? incident.atOpening).endpointsServing === 0 ? 0 : 1;
}

/** `certglass incident close ID`. */
export async function closeIncident(id: string, options: IncidentOptions): Promise<number> {
  const remote = findService(options, process.env);
  const body = { note: options.note ?? '' };
  print((await postJson(remote, `${pathOf(id)}/close`, body)) as unknown as Incident, options.json === true);
  return 0;
}

/** `certglass incident report ID`. */
export async function reportIncident(id: string, options: RemoteOptions & ReportForm): Promise<number> {
  const remote: Remote = findService(options, process.env);
  await fetchReport(remote, `${pathOf(id)}/report`, new URLSearchParams(), options);
  return 0;
}

function pathOf(id: string): string {
  return `/api/v1/incidents/${encodeURIComponent(id)}`;
}

const stateOf = ({ closedAt }: Incident): string =>
  closedAt === null ? 'open' : `closed ${closedAt.slice(0, 10)}`;
const doneOf = ({ endpointsServing, endpointsReplaced }: Progress): string =>
  `${endpointsReplaced} of ${endpointsServing + endpointsReplaced}`;

const columns = [
  { title: 'ID', text: ({ id }: Incident) => id, minWidth: 16 },
  { title: 'WHAT', text: ({ kind, value }: Incident) => `${kind} ${value}`, minWidth: 16 },
  { title: 'DRILL', text: ({ drill }: Incident) => (drill ? 'yes' : 'no') },
  { title: 'OPENED', text: ({ openedAt }: Incident) => openedAt.slice(0, 16).replace('T', ' ') },
  { title: 'STATE', text: stateOf },
  { title: 'CERTIFICATES', text: ({ atOpening }: Incident) => String(atOpening.certificates) },
];

function print(incident: Incident, isJson: boolean): void {
  if (isJson) return void process.stdout.write(`${jsonLine(incident)}\n`);
  const { id, kind, value, drill, atOpening, progress = atOpening } = incident;
  process.stdout.write(
    [
      `${drill ? 'Drill' : 'Incident'} ${id}: ${kind} ${printable(value)}, ${stateOf(incident)}`,
      `${progress.certificates} certificates affected, ${progress.notServed} of them not served`,
      `${doneOf(progress)} endpoints done, ${progress.endpointsServing} to do, ${progress.reissued} certificates reissued but not installed everywhere`,
      '',
    ].join('\n'),
  );
}
