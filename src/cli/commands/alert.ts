import type { Command } from 'commander';
import { withService } from './service.js';

/** Ends a command with the exit code that its work answers. */
type Finish = (work: Promise<number>) => Promise<void>;

/** `certglass alert`. */
export function addAlert(program: Command, finish: Finish): void {
  const alert = program.command('alert').summary('test alert channels');
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
}
