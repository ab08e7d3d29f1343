import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Logger } from 'pino';
import type { Scope } from '../../scanners/tls/targets/scope.js';
import { buildApi } from '../api/build.js';
import { listen } from '../api/listen.js';
import type { ServiceParts } from '../api/routes.js';
import type { Api } from '../api/server.js';
import type { Config } from '../config/config.js';
import { channelName } from '../delivery/config.js';
import { describeConfig } from '../config/describe.js';
import type { Alerts } from '../delivery/alerts.js';
import type { Clock } from '../judging/clock.js';
import type { Judging } from '../judging/judging.js';
import type { Ledger } from '../judging/finding-ledger.js';
import type { Policy } from '../model/policy.js';
import { rules } from '../rules/index.js';
import type { OpenStore } from '../store/index.js';
import type { Validate } from '../trust/trust.js';
import { createAddressFile } from './address-file.js';
import type { AskedScans } from './asked-scans.js';
import { measureRecall } from './recall.js';
import { BackupRefusedError } from '../store/backup.js';
import { explainPolicy } from '../rules/explain-policy.js';
import { createPolicyPreview } from './policy-preview.js';
import { judgeUntested } from './untested-channels.js';
import type { Pipeline } from '../judging/pipeline.js';
import { createInsight } from './insight.js';
import type { Pushes } from './inventory-push.js';
import { logsBelow, rootStoresOf } from './insight-sources.js';
import type { RunningScans } from './jobs.js';
import { createMetrics } from './metrics/metrics.js';
import { createProbeTarget } from './probe-target.js';
import type { Records } from './records.js';
import { packageVersion } from './package-version.js';
import { previewScan } from './scan-preview.js';
import { createSetup, type SetupHost } from './setup.js';

/** What the API sets in motion and shows. */
export interface ApiDependencies {
  /** The configuration in force. */
  readonly config: () => Config;
  readonly policy: Policy;
  readonly records: Records;
  readonly store: OpenStore;
  readonly ledger: Ledger;
  readonly alerts: Alerts;
  readonly pipeline: Pick<Pipeline, 'incident'>;
  readonly clock: Pick<Clock, 'evaluate'>;
  readonly askedScans: AskedScans;
  readonly pushes: Pushes;
  readonly scope: Scope;
  readonly validate: Validate;
  readonly preview: Judging['preview'];
  readonly running: RunningScans;
  readonly inventory: ServiceParts['inventory'];
  readonly events: ServiceParts['events'];
  readonly host: SetupHost | null;
  readonly log: Logger;
}

/** Opens the API and says where it listens, in the data folder as well. */
export async function openApi(
  dependencies: ApiDependencies,
): Promise<{ readonly app: Api; readonly url: string }> {
  const { config, policy, records, store, ledger, alerts, running, inventory, events, scope } = dependencies;
  const { validate, log } = dependencies;
  const { api, trust } = config();
  const { dataDir } = config().store;
  const address = createAddressFile(dataDir);
  const parts: ServiceParts = {
    reader: store.reader,
    health: () => store.health(),
    rules,
    metrics: createMetrics({
      store,
      ledger,
      running,
      version: packageVersion(),
      endpoints: api.metricsEndpoints,
    }),
    probe: createProbeTarget({ config: () => config().scan, scope, validate, log }),
    scanProgress: (id) => running.get(id)?.progress ?? null,
    version: packageVersion(),
    now: () => new Date(),
    dataDir,
    consoleDir: fileURLToPath(new URL('../../console', import.meta.url)),
    localToken: address.token,
    writeAudit: (entry) => store.writeAudit([entry]),
    checkAudit: (expected) => store.checkAudit(expected),
    insight: createInsight({
      store,
      policy,
      rootStores: rootStoresOf(trust),
      logs: logsBelow(join(dataDir, 'ct')),
    }),
    events,
    setup: createSetup(config, scope, dependencies.host),
    ...records,
    recall: () => measureRecall(store, policy.ownedDomains, new Date()),
    backup: (name, base) => backupOf(store, name, base),
    explainPolicy: (place) => explainPolicy(place, policy),
    previewPolicy: createPolicyPreview(dependencies.preview),
    inventory,
    channels: () => channelsOf(config().alerts),
    settings: () => describeConfig(config(), process.env),
    explainAlerts: async (finding) =>
      alerts.explain(finding, await store.reader.deliveriesOf(finding.id), new Date()),
    actions: actionsOf(dependencies),
  };
  const app = await buildApi(api, parts, log);
  app.addHook('onClose', async () => address.remove());
  const url = await listen(app, api).catch(async (error: unknown) => {
    await app.close();
    throw error;
  });
  address.write(url);
  return { app, url };
}

/** Why a backup was refused is an answer; other failures are errors. */
async function backupOf(
  store: Pick<OpenStore, 'backup'>,
  name: string,
  base?: string,
): ReturnType<ServiceParts['backup']> {
  try {
    return { path: await store.backup(name, base) };
  } catch (error) {
    if (error instanceof BackupRefusedError) return { refusal: error.message };
    throw error;
  }
}

function channelsOf({ channels }: Config['alerts']): ReturnType<ServiceParts['channels']> {
  return channels.map((channel) => ({ name: channelName(channel), kind: channel.type }));
}

function actionsOf(dependencies: ApiDependencies): ServiceParts['actions'] {
  const { config, store, ledger, alerts, askedScans, scope, pushes } = dependencies;
  return {
    async testChannel(name) {
      const at = new Date();
      const result = await alerts.test(name, at);
      if (result === null) return null;
      if (result.ok) await judgeUntested(config().alerts.channels.map(channelName), dependencies);
      const seconds = (Date.now() - at.getTime()) / 1000;
      return { ok: result.ok, partial: result.partial === true, detail: result.detail, seconds };
    },
    async changeFinding(id, act, actor) {
      const finding = await ledger.act(id, act, actor, new Date());
      alerts.flush();
      return finding;
    },
    async sendAgain(id) {
      const { items } = await store.reader.listDeliveries({ id }, { limit: 1, cursor: null });
      return items[0] === undefined ? null : alerts.sendAgain(items[0]);
    },
    startScan: (asked, actor) => askedScans.start(asked, actor),
    previewScan: async (asked) => previewScan(asked, config().scan, scope),
    stopScan: (id) => askedScans.stop(id),
    isStoppable: (id) => askedScans.isRunning(id),
    pushInventory: (pushed) => pushes.take(pushed),
  };
}
