import { startAlerts, type Alerts, type AlertsDependencies } from '../delivery/alerts.js';
import type { AlertsConfig, OpenChannel } from '../delivery/config.js';
import { createUrgentAlerts } from '../delivery/urgent.js';
import type { Finding } from '../model/finding.js';
import type { Policy } from '../model/policy.js';
import { alertWords, routingOf } from './alert-words.js';

/** Alerts whose channels and routes can be replaced while the service runs. */
export interface LiveAlerts extends Alerts {
  /** Alerts channels without asking the database. */
  tell(finding: Finding): void;
  /** Sends what is being sent, closes the channels and goes on with these. What waits is sent by the new ones of the same name. */
  replace(config: AlertsConfig, channels: readonly OpenChannel[]): Promise<void>;
}

/** What alerting works with, whatever its channels are. */
type LiveAlertsDependencies = Omit<AlertsDependencies, 'channels' | 'routing' | 'words'> & {
  /** Read whenever an owner is looked for. */
  readonly policy: Pick<Policy, 'owners'>;
};

/** See {@link LiveAlerts}. */
export function startLiveAlerts(
  dependencies: LiveAlertsDependencies,
  config: AlertsConfig,
  opened: readonly OpenChannel[],
): LiveAlerts {
  const start = (next: AlertsConfig, channels: readonly OpenChannel[]) => {
    const words = alertWords(next, dependencies.policy);
    const parts = { ...dependencies, channels, routing: routingOf(next), words };
    return { alerts: startAlerts(parts), tell: createUrgentAlerts(parts) };
  };
  let current = start(config, opened);
  return {
    tell: (finding) => current.tell(finding),
    async replace(next, channels) {
      await current.alerts.stop();
      current = start(next, channels);
      current.alerts.flush();
    },
    flush: () => current.alerts.flush(),
    explain: (finding, deliveries, now) => current.alerts.explain(finding, deliveries, now),
    sendAgain: (delivery) => current.alerts.sendAgain(delivery),
    test: (channel, now) => current.alerts.test(channel, now),
    send: (channel, message, signal) => current.alerts.send(channel, message, signal),
    outbox: (channel) => current.alerts.outbox(channel),
    stop: () => current.alerts.stop(),
  };
}
