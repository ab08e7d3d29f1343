import type { IncidentRule } from '../rule.js';

/** A delivery that ended without success is shown, and told through the other channels. */
export const deliveryFailed: IncidentRule = {
  kind: 'incident',
  id: 'delivery-failed',
  title: 'An alert could not be delivered',
  severity: 'error',
  citation: 'At-least-once delivery: an alert is sent or its failure is shown',
  remediation:
    'Read the last answer of the channel, correct its address or secret, and have what is `undelivered` sent again: POST /api/v1/deliveries/{id}/send-again.',
};
