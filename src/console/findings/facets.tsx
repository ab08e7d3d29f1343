import type { ComponentChildren } from 'preact';
import { useApi } from '../api/use-api.js';
import { count } from '../lib/format.js';
import { listOf, toggled } from '../lib/url-state.js';
import { Hostile } from '../ui/marks.js';
import { Severity, worstFirst } from '../ui/severity.js';
import { filtersOf, type FindingsState } from './state.js';

type Name = 'severity' | 'rule' | 'subjectKind' | 'owner' | 'environment' | 'assignee';

/** How many values of a facet are shown before "more". */
const shownAtFirst = 8;

/** Filters with how many findings each would leave. */
export function Facets(props: {
  readonly state: FindingsState;
  readonly change: (part: Partial<FindingsState>) => void;
}) {
  const { state, change } = props;
  const { data } = useApi('GET /api/v1/findings/facets', {}, filtersOf(state));
  const isWide = matchMedia('(min-width: 1101px)').matches;
  const values = (name: Name): readonly (readonly [string, number])[] => {
    const counts = data?.[name] ?? {};
    const chosen = listOf(state[name]).filter((value) => counts[value] === undefined);
    return [...Object.entries(counts), ...chosen.map((value) => [value, 0] as const)].toSorted(
      (a, b) => b[1] - a[1],
    );
  };
  const facet = (name: Name, legend: string, unknown: string) => (
    <Facet
      legend={legend}
      values={values(name).filter(([value]) => value !== '' || unknown !== '')}
      chosen={state[name]}
      shown={(value) =>
        value === '' ? <span class="muted">{unknown}</span> : <Hostile text={value} max={60} />
      }
      change={(value) => change({ [name]: value })}
    />
  );
  return (
    <details class="plain facetbox" open={isWide}>
      <summary>Filters</summary>
      <div class="facets">
        <Facet
          legend="Severity"
          values={worstFirst.map((level) => [level, data?.severity[level] ?? 0] as const)}
          chosen={state.severity}
          shown={(level) => <Severity level={level as (typeof worstFirst)[number]} plain />}
          change={(severity) => change({ severity })}
        />
        {facet('subjectKind', 'About', '')}
        {facet('rule', 'Rule', '')}
        {facet('owner', 'Owner', '')}
        {facet('environment', 'Environment', '')}
        {facet('assignee', 'Assigned to', '')}
      </div>
    </details>
  );
}

function Facet(props: {
  readonly legend: string;
  readonly values: readonly (readonly [string, number])[];
  readonly chosen: string;
  readonly shown: (value: string) => ComponentChildren;
  readonly change: (chosen: string) => void;
}) {
  const { legend, values, chosen } = props;
  if (values.length === 0) return null;
  const item = ([value, n]: readonly [string, number]) => (
    <li key={value}>
      <label>
        <input
          type="checkbox"
          checked={listOf(chosen).includes(value)}
          onChange={() => props.change(toggled(chosen, value))}
        />
        {props.shown(value)}
        <span class="n">{count(n)}</span>
      </label>
    </li>
  );
  return (
    <fieldset>
      <legend>{legend}</legend>
      <ul>{values.slice(0, shownAtFirst).map(item)}</ul>
      {values.length <= shownAtFirst ? null : (
        <details class="plain">
          <summary>{values.length - shownAtFirst} more</summary>
          <ul>{values.slice(shownAtFirst).map(item)}</ul>
        </details>
      )}
    </fieldset>
  );
}
