import { byClass } from '../lib/outcomes.js';
import { count } from '../lib/format.js';

/** Outcomes of a scan as one bar; its title says the figures. */
export function OutcomeBar({ outcomes }: { readonly outcomes: Readonly<Record<string, number>> }) {
  const classes = byClass(outcomes);
  const total = classes.reduce((sum, { count: n }) => sum + n, 0);
  if (total === 0) return <span class="muted">nothing yet</span>;
  let left = 0;
  return (
    <svg
      class="stackbar"
      role="img"
      aria-label={classes.map(({ words, count: n }) => `${words}: ${count(n)}`).join(', ')}
    >
      {classes.map(({ words, fill, count: n }) => {
        const x = left;
        left += (100 * n) / total;
        return <rect key={words} class={fill} x={`${x}%`} width={`${(100 * n) / total}%`} height="100%" />;
      })}
    </svg>
  );
}
