import { certificates } from './certificates.js';
import { ctLogs, ctMatches } from './ct.js';
import { endpoints } from './endpoints.js';
import { findingGroups, findings } from './findings.js';
import { deliveries, inventory, inventorySources, names, recall, scans } from './operation.js';
import type { AnyView } from './view.js';

/** The lists of a running service that commands print, by the name a command asks for. */
export const views = {
  certificates,
  'ct logs': ctLogs,
  'ct matches': ctMatches,
  'ct recall': recall,
  deliveries,
  endpoints,
  findings: findingGroups,
  'findings --each': findings,
  'inventory list': inventory,
  'inventory sources': inventorySources,
  names,
  'scans list': scans,
} as const satisfies Readonly<Record<string, AnyView>>;

/** Name of a list, see {@link views}. */
export type ViewName = keyof typeof views;
