/** A log the configuration adds to those of the lists. */
export interface ExtraLog {
  readonly description: string;
  readonly key: string;
  readonly url: string | null;
  readonly submissionUrl: string | null;
  readonly monitoringUrl: string | null;
  readonly mmdSeconds: number;
}

/** A log of `extraLogs` in the shape of a log list. */
export function asListed(log: ExtraLog): Readonly<Record<string, unknown>> {
  const { description, key, url, submissionUrl, monitoringUrl, mmdSeconds } = log;
  const address = url === null ? { submission_url: submissionUrl, monitoring_url: monitoringUrl } : { url };
  return { description, key, mmd: mmdSeconds, ...address };
}
