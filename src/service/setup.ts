import { accessSync, constants, existsSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Scope } from '../../scanners/tls/targets/scope.js';
import type { AskedSetup, Setup } from '../api/setup-shapes.js';
import type { Config } from '../config/config.js';
import { usualSender, withAnswers, writeChecked, type SetupAnswers } from '../config/setup.js';
import { SettingsError } from '../lib/settings-file.js';
import { policyConfig } from '../rules/config.js';
import { previewScan } from './scan-preview.js';

/** What the process around the service does for the first run. */
export interface SetupHost {
  /** The configuration file in use, or the one that is read at the next start if it exists. */
  readonly file: string;
  /** Reads that file and puts it in force; rejects, and changes nothing, when that cannot be done. */
  reload(): Promise<void>;
}

/** The first run: previews and saves a configuration. `host` null: there is no file to write to. */
export function createSetup(config: () => Config, scope: Scope, host: SetupHost | null): Setup {
  const needed = (): boolean => {
    const { policy, scan, inventory } = config();
    return policy.ownedDomains.length + scan.groups.length + inventory.sources.length === 0;
  };
  return {
    needed,
    file: host?.file ?? null,
    refusal: () => refusalOf(needed(), host),
    preview(asked) {
      const answers = answersOf(asked);
      const found = previewScan({ ...answers, depth: null, starttls: null }, config().scan, scope);
      return {
        ...found,
        domains: asked.domains.map((domain) => ({ domain, refusal: domainFault(domain) })),
        configuration: withAnswers('', answers),
      };
    },
    save: async (asked) => (host === null ? noFile : save(host, answersOf(asked))),
  };
}

const noFile = 'this service was started without a file to write to';

async function save(host: SetupHost, answers: SetupAnswers): Promise<string | null> {
  let undo = (): void => undefined;
  try {
    const earlier = existsSync(host.file) ? readFileSync(host.file, 'utf8') : '';
    undo = writeChecked(host.file, withAnswers(earlier, answers));
    await host.reload();
    return null;
  } catch (error) {
    undo();
    if (error instanceof SettingsError) return error.faults.join('; ');
    if (error instanceof Error && 'code' in error)
      return `${host.file} cannot be written (${String(error.code)})`;
    return error instanceof Error ? error.message : String(error);
  }
}

/** With domains and no targets, the domains themselves and what is found below them are scanned. */
function answersOf({ domains, targets, ports, mail }: AskedSetup): SetupAnswers {
  return {
    domains,
    targets: targets.length === 0 ? domains : targets,
    ports,
    learned: domains.length > 0,
    mail: mail === null ? null : { ...mail, from: mail.from ?? usualSender(mail.to) },
    webhook: null,
  };
}

function domainFault(domain: string): string | null {
  const read = policyConfig.shape.ownedDomains.safeParse([domain]);
  return read.success ? null : (read.error.issues[0]?.message ?? 'not a domain');
}

function refusalOf(needed: boolean, host: SetupHost | null): string | null {
  if (!needed) return 'this service is configured; edit its configuration file and start it again';
  if (host === null) return noFile;
  const { file } = host;
  try {
    if (existsSync(file)) accessSync(file, constants.W_OK);
    const folder = dirname(file);
    if (existsSync(folder)) accessSync(folder, constants.W_OK);
    return null;
  } catch {
    return `${file} cannot be written by this service; write the configuration there yourself and start it again`;
  }
}
