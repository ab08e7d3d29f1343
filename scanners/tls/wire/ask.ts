import type { Target } from '../../../src/model/target.js';
import { withConnection, type Connection, type ConnectionResult, type Route } from './connection.js';
import {
  FlightReader,
  type ByteLimits,
  type Ending,
  type ServerFlight,
  type StopAfter,
} from './server-flight.js';
import { startTls } from '../starttls/index.js';

/** What a server said to one hello. */
export interface Answer {
  readonly ending: Ending;
  readonly flight: ServerFlight;
  /** Another try may end differently. */
  readonly isTransient: boolean;
}

/**
 * Sends one hello over a connection of its own and reads the answer up to `stopAfter`. Never rejects; trouble of the
 * network is the ending's outcome.
 */
export async function ask(
  target: Target,
  route: Route,
  hello: Uint8Array,
  limits: ByteLimits,
  stopAfter: StopAfter,
): Promise<Answer> {
  const reader = new FlightReader(limits, stopAfter);
  const hear = (connection: Connection): void => {
    connection.listen((chunk) => {
      const ending = reader.push(chunk);
      if (ending !== null) connection.finish(toLook(ending, false));
    });
    connection.stream.write(hello);
  };
  const { outcome, detail, isTransient } = await withConnection(route, {
    isRaw: target.starttls === null,
    begin: (connection) => startTls(target, connection, hear),
    cut(event) {
      if (event === 'deadline') return null;
      const ending = reader.closed();
      return toLook(ending, ending.outcome === 'closed' && ending.detail === null);
    },
  });
  return { ending: { outcome, detail }, flight: reader.flight, isTransient: isTransient ?? false };
}

function toLook({ outcome, detail }: Ending, isTransient: boolean): ConnectionResult {
  return { outcome, detail, tls: null, chain: [], isTransient };
}
