import { parseLog, type LogInfo, type LogList } from '../../../src/ct/log-list.js';
import type { CtConfig } from '../config.js';
import { settingsOf } from '../follow/engine.js';
import { asListed } from './extra-log.js';

/** The logs to follow: those of the lists in a wanted state, the first list to name a log winning, and the extra ones. */
export function selectLogs(lists: readonly LogList[], config: CtConfig): LogInfo[] {
  const logs = new Map<string, LogInfo>();
  for (const log of extraLogs(config)) logs.set(log.logId, log);
  for (const list of lists)
    for (const log of list.logs)
      if (!logs.has(log.logId) && isWanted(log, list, config)) logs.set(log.logId, log);
  return [...logs.values()].filter((log) => settingsOf(config, log)?.enabled !== false);
}

/** In all_logs_list.json a log without a state is one that nobody runs any more. */
function isWanted(log: LogInfo, list: LogList, config: CtConfig): boolean {
  if (log.isPlaceholder || (log.state === 'unstated' && list.isAllLogs)) return false;
  return config.states.includes(log.state);
}

/** The logs the configuration adds. */
function extraLogs(config: CtConfig): LogInfo[] {
  return config.extraLogs.map((log) => parseLog(asListed(log), 'configured'));
}
