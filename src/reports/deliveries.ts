import { alertDeliveries } from '../model/queries/populations.js';
import { percentile, Tally } from './measure/statistics.js';
import { parametersOf } from './populations.js';
import type { Report, Row } from './report.js';

/** Whether alerts reached people. */
export const deliveries: Report = {
  id: 'deliveries',
  title: 'Alert delivery',
  description:
    'Every alert of the period: to which channel, how many tries, when it was delivered, and what the receiver said.',
  cannotShow: ['Whether a person read it; acknowledgements are in the report on findings.'],
  async build(input) {
    const states = new Tally();
    const seconds: number[] = [];
    for await (const { state, createdAt, sentAt } of input.streamRows(alertDeliveries, parametersOf(input))) {
      states.add(state);
      if (sentAt !== null) seconds.push((sentAt.getTime() - createdAt.getTime()) / 1_000);
    }
    return {
      figures: [
        { label: 'Deliveries', value: states.total, unit: 'deliveries' },
        ...states.entries().map(([label, value]) => ({ label: `State ${label}`, value, unit: 'deliveries' })),
        { label: 'Seconds until delivered, median', value: percentile(seconds, 0.5), unit: 's' },
        { label: 'Seconds until delivered, 95th percentile', value: percentile(seconds, 0.95), unit: 's' },
      ],
      tables: [
        {
          id: 'deliveries',
          title: 'Deliveries',
          note: 'By the time they were decided.',
          columns: [
            { key: 'createdAt', title: 'Decided' },
            { key: 'channel', title: 'Channel' },
            { key: 'state', title: 'State' },
            { key: 'attempts', title: 'Tries', isNumber: true },
            { key: 'sentAt', title: 'Delivered' },
            { key: 'lastDetail', title: 'Answer of the receiver' },
            { key: 'findingIds', title: 'Findings' },
            { key: 'id', title: 'Delivery' },
          ],
          rows: () => input.streamRows(alertDeliveries, parametersOf(input)) as AsyncIterable<Row>,
        },
      ],
    };
  },
};
