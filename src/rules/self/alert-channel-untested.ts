import type { IncidentRule } from '../rule.js';

/** A channel that has never delivered a message may fail when it is needed: a wrong address or secret shows with the first message only. */
export const alertChannelUntested: IncidentRule = {
  kind: 'incident',
  id: 'alert-channel-untested',
  title: 'Alert channel has never delivered a message',
  severity: 'notice',
  citation: 'Operating practice: an alert path is tested before it is needed',
  remediation: 'Send a sample with `certglass alert test CHANNEL` and check that it arrived.',
};
