import { Argument, type Command } from 'commander';
import { reviewKinds } from '../../model/review.js';
import { withService } from './service.js';

/** Ends a command with the exit code that its work answers. */
type Finish = (work: Promise<number>) => Promise<void>;

/** `certglass review`. */
export function addReview(program: Command, finish: Finish): void {
  const review = program
    .command('review')
    .summary('go through inventory, policy, or suites and protocols, and keep that on record')
    .addHelpText(
      'after',
      `
Examples:
  certglass review start inventory
  certglass review show 2026-12-01-inventory-1f2e
  certglass review confirm 2026-12-01-inventory-1f2e owner-web --note "asked the web team"
  certglass review confirm 2026-12-01-inventory-1f2e --all
  certglass review close 2026-12-01-inventory-1f2e`,
    );
  withService(review.command('list'))
    .summary('reviews, latest first, and when each kind is due')
    .option('--json', 'one JSON object a line')
    .action(async (options) => finish((await import('../review.js')).listReviews(options)));
  withService(review.command('start'))
    .summary('gather what to go through and compare it with the last review')
    .addArgument(new Argument('<kind>', 'ciphers is the review of PCI DSS 12.3.3').choices([...reviewKinds]))
    .option('--json', 'print it as one JSON object')
    .action(async (kind: string, options) =>
      finish((await import('../review.js')).startReview(kind, options)),
    );
  withService(review.command('show'))
    .summary('its items, who confirmed them, and what changed')
    .argument('<id>')
    .option('--json', 'print it as one JSON object')
    .action(async (id: string, options) => finish((await import('../review.js')).showReview(id, options)));
  withService(review.command('confirm'))
    .summary('confirm items')
    .argument('<id>')
    .argument('[item...]')
    .option('--all', 'all that are left')
    .option('--note <text>', 'what was found')
    .action(async (id: string, items: string[], options) =>
      finish((await import('../review.js')).confirmReview(id, items, options)),
    );
  withService(review.command('close'))
    .summary('close a review of which every item is confirmed')
    .argument('<id>')
    .option('--note <text>', 'how it ended')
    .action(async (id: string, options) => finish((await import('../review.js')).closeReview(id, options)));
}
