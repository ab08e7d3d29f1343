import type { Observation } from './observation.js';

/** What one handshake does not show of an endpoint, and a survey does. */
export const surveyedOnly = ['protocol-versions', 'cipher-suites', 'key-exchange-groups'] as const;

/** One of {@link surveyedOnly}, or the certificates for the other type of key. */
export type NotProbed = (typeof surveyedOnly)[number] | 'other-certificates';

/** What was not probed for at an endpoint that showed a certificate, so that its absence from the findings means nothing. */
export function notProbed({
  certificate,
  alternates,
  survey,
}: Pick<Observation, 'certificate' | 'alternates' | 'survey'>): readonly NotProbed[] {
  if (certificate === null || survey) return [];
  return alternates ? surveyedOnly : [...surveyedOnly, 'other-certificates'];
}
