import type { Command } from 'commander';
import { withService } from './service.js';

/** Ends a command with the exit code that its work answers. */
type Finish = (work: Promise<number>) => Promise<void>;

/** `certglass alert`. */
export function addAlert(program: Command, finish: Finish): void {
  const alert = program.command('alert').summary('test alert channels, and explain who is alerted');
  withService(alert.command('test'))
    .summary('send a sample to alert channels and print what the receivers answer')
    .argument('<channel...>', 'names of channels, such as email or webhook:oncall')
    .option('--config <file>', 'configuration; the sample is sent from it when no service runs')
    .option('--json', 'one JSON object a line')
    .addHelpText(
      'after',
      `
The sample is a complete message that says it is a test. Paging and ticket channels open a real incident: close it there.

Examples:
  certglass alert test email slack:oncall
  certglass alert test webhook --config certglass.yaml

Exit code: 0 every receiver accepted it, 1 some did not, 2 could not run.`,
    )
    .action(async (channels: string[], options) =>
      finish((await import('../alert-test.js')).testChannels(channels, options)),
    );
  withService(alert.command('explain'))
    .summary('which channels are alerted about a finding, when and why, or why not')
    .argument('<finding>', 'id of a finding, as `certglass findings` prints it')
    .option('--json', 'one JSON object a channel')
    .addHelpText(
      'after',
      `
The answer comes from the code that routes alerts and from what was sent already.

Example:
  certglass alert explain 0f343b0931126a20f133d67c2b018a3b`,
    )
    .action(async (id: string, options) =>
      finish((await import('../alert-explain.js')).explainAlerts(id, options)),
    );
}
