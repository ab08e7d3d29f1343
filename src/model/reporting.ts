import type { Readable } from 'node:stream';

/** Limits of a report; null: no limit. */
export interface ReportScope {
  /** A domain with everything below it. */
  readonly domain: string | null;
  readonly owner: string | null;
  readonly environment: string | null;
  readonly tag: string | null;
}

/** What a report is asked for. */
export interface ReportRequest {
  readonly from: Date;
  readonly to: Date;
  readonly scope: ReportScope;
}

/** Name and purpose of a report or framework. */
export interface ReportDescription {
  readonly id: string;
  readonly title: string;
  readonly description: string;
}

/** Reports and evidence, as the API and the command line ask for them. */
export interface Reporting {
  readonly reports: readonly ReportDescription[];
  readonly frameworks: readonly ReportDescription[];
  /** A report piece by piece; null when there is none of this name. `table` names a table for CSV; null: the first. */
  report(
    id: string,
    request: ReportRequest,
    format: 'html' | 'json' | 'csv',
    table: string | null,
  ): AsyncIterable<string> | null;
  /** A signed zip archive; null when there is no such framework. The stream fails when the store does. */
  evidence(framework: string, request: ReportRequest): Promise<Readable | null>;
}
