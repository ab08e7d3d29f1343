import { listOf, toggled } from '../lib/url-state.js';
import { Severity, worstFirst } from '../ui/severity.js';

/** Severities to filter by. */
export function SeverityFacet(props: {
  readonly chosen: string;
  readonly change: (severity: string) => void;
}) {
  const wide = matchMedia('(min-width: 1101px)').matches;
  return (
    <details class="plain facetbox" open={wide}>
      <summary>Filters</summary>
      <div class="facets">
        <fieldset>
          <legend>Severity</legend>
          <ul>
            {worstFirst.map((level) => (
              <li key={level}>
                <label>
                  <input
                    type="checkbox"
                    checked={listOf(props.chosen).includes(level)}
                    onChange={() => props.change(toggled(props.chosen, level))}
                  />
                  <Severity level={level} plain />
                </label>
              </li>
            ))}
          </ul>
        </fieldset>
      </div>
    </details>
  );
}
