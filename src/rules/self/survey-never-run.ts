import { neverSurveyed } from '../../model/queries/never-surveyed.js';
import { hostPort, targetOfKey } from '../../model/target.js';
import { fleetRule } from '../fleet-rule.js';

const dayMs = 86_400_000;
const listed = 5;

/**
 * RFC 9325 section 3.1.1 and 4.1 forbid protocol versions and cipher suites that one handshake does not show: a server that accepts TLS 1.0
 * beside TLS 1.3 passes every other rule until a survey asks for it. A day is left for the first survey.
 */
export const surveyNeverRun = fleetRule({
  id: 'survey-never-run',
  title: 'Endpoints were never surveyed for weak protocols',
  severity: 'notice',
  citation: 'RFC 9325 sections 3.1.1 and 4.1',
  remediation:
    'Set `depth: survey` for their group of targets; groups of depth fast or full never probe for obsolete versions and weak suites. Switch the rule off where that is intended.',
  query: neverSurveyed,
  everyMinutes: 60,
  parameters: (_policy, now) => ({
    firstSeenBefore: new Date(now.getTime() - dayMs),
    servedAfter: new Date(now.getTime() - 7 * dayMs),
  }),
  judge({ endpoints, examples }) {
    if (endpoints === 0) return null;
    const places = examples.slice(0, listed).map((key) => {
      const { host, port } = targetOfKey(key);
      return hostPort(host, port);
    });
    return {
      subject: { kind: 'self', key: 'surveys' },
      host: null,
      certificateSha256: null,
      title:
        endpoints === 1 ? `${places[0]} was never surveyed` : `${endpoints} endpoints were never surveyed`,
      details: {
        endpoints,
        examples: places,
        notProbed: ['protocol-versions', 'cipher-suites', 'key-exchange-groups', 'other-certificates'],
      },
    };
  },
});
