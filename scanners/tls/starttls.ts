import type { Target } from '../../src/model/target.js';
import { failure, type Connection } from './connection.js';

/** Brings the connection to the point where TLS may begin, then hands it to `talk`. */
export function startTls(
  target: Target,
  connection: Connection,
  talk: (connection: Connection) => void,
): void {
  if (target.starttls === null) talk(connection);
  else connection.finish(failure('starttls-refused', `${target.starttls} is not spoken`));
}
