import { targetOfKey } from '../../model/target.js';
import type { Column, Row } from '../report.js';

/** Columns that say which endpoint. */
export const placeColumns: readonly Column[] = [
  { key: 'host', title: 'Host' },
  { key: 'address', title: 'Address' },
  { key: 'port', title: 'Port', isNumber: true },
  { key: 'starttls', title: 'STARTTLS' },
];

/** A row for {@link placeColumns}. */
export function endpointPlace(endpoint: string): Row {
  const { host, address, port, starttls } = targetOfKey(endpoint);
  return { host, address, port, starttls };
}
