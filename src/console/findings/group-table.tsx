import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { useApi, type Loaded } from '../api/use-api.js';
import type { FindingGroup, Operations } from '../api/types.js';
import { plural, relative } from '../lib/format.js';
import { useNow } from '../lib/browser.js';
import { withKeys } from '../lib/sets.js';
import { Icon } from '../ui/icon.js';
import { ListTable } from '../ui/list-table.js';
import { Hostile, When } from '../ui/marks.js';
import { Severity } from '../ui/severity.js';
import { Tick, type Column, type Selection } from '../ui/table.js';
import { Age, GroupPlaces, Owners, PlaceLink } from './cells.js';
import { defaults, filtersOf, type FindingsState } from './state.js';
import { onlyFindings } from './words.js';

type List = Operations['GET /api/v1/findings']['answer'];

/** Findings by cause or by host: one row a group, which unfolds. Keys of ticked groups begin with `group:`. */
export function GroupTable(props: {
  readonly loaded: Loaded<List>;
  readonly state: FindingsState;
  readonly change: (part: Partial<FindingsState>) => void;
  readonly selection: Selection;
  readonly empty: { readonly title: string; readonly text: string };
}) {
  const { loaded, state, selection } = props;
  const [unfolded, setUnfolded] = useState<ReadonlySet<string>>(new Set());
  const data = loaded.data && {
    ...loaded.data,
    items: loaded.data.items.filter((item) => 'finding' in item),
  };
  const by = state.group === 'host' ? 'host' : 'cause';
  const columns = columnsOf(by, (group) => (
    <GroupCell
      group={group}
      by={by}
      isUnfolded={unfolded.has(group.key)}
      toggle={(on) => setUnfolded(withKeys(unfolded, [group.key], on))}
    />
  ));
  return (
    <ListTable
      label={`Findings by ${by}, worst first`}
      things={[by, `${by}s`]}
      columns={columns}
      loaded={{ ...loaded, data }}
      rowKey={({ key }) => `group:${key}`}
      rowName={({ finding, key }) => (by === 'host' ? key : finding.title)}
      rowClass={() => 'group'}
      below={(group) =>
        unfolded.has(group.key) ? <Members group={group} by={by} state={state} selection={selection} /> : null
      }
      selection={selection}
      state={state}
      defaults={defaults}
      change={props.change}
      mood="good"
      emptyTitle={props.empty.title}
      emptyText={props.empty.text}
    />
  );
}

function columnsOf(
  by: 'cause' | 'host',
  title: (group: FindingGroup) => ComponentChildren,
): readonly Column<FindingGroup>[] {
  return [
    {
      key: 'severity',
      head: 'Severity',
      class: 'fit lo',
      cell: ({ severity }) => <Severity level={severity} />,
    },
    {
      key: 'cause',
      head: by === 'host' ? 'Host' : 'Cause',
      class: 'wide',
      cell: title,
    },
    { key: 'count', head: 'Findings', class: 'num lo', cell: (group) => group.count },
    { key: 'due', head: 'Time left', cell: ({ dueAt }) => <When at={dueAt} by="end" none="no deadline" /> },
    { key: 'owner', head: 'Owner', class: 'lo mid', cell: ({ owners }) => <Owners of={owners} /> },
    { key: 'age', head: 'Open for', class: 'num lo', cell: ({ openedAt }) => <Age since={openedAt} /> },
  ];
}

function GroupCell(props: {
  readonly group: FindingGroup;
  readonly by: 'cause' | 'host';
  readonly isUnfolded: boolean;
  readonly toggle: (on: boolean) => void;
}) {
  const { group, by, isUnfolded } = props;
  const title = by === 'host' ? group.key || 'Without a host' : group.finding.title;
  return (
    <>
      <div class="ph">
        <Severity level={group.severity} />
      </div>
      <div class="ttl">
        {group.count === 1 ? (
          <span class="gap" />
        ) : (
          <button
            class="twist"
            type="button"
            aria-expanded={isUnfolded}
            aria-label={`Show the ${plural(group.count, 'finding')} of: ${title}`}
            onClick={() => props.toggle(!isUnfolded)}
          >
            <Icon name="right" />
          </button>
        )}
        <div>
          <a class="rowtitle" href={`/findings/${group.finding.id}`}>
            <Hostile text={title} max={200} />
          </a>
          <span class="sub">
            {by === 'host' ? null : (
              <>
                <GroupPlaces group={group} />
                {' · '}
              </>
            )}
            <span class="mono">{group.rules.slice(0, 4).join(', ')}</span>
          </span>
        </div>
      </div>
    </>
  );
}

function Members(props: {
  readonly group: FindingGroup;
  readonly by: 'cause' | 'host';
  readonly state: FindingsState;
  readonly selection: Selection;
}) {
  const { group, by, state, selection } = props;
  const now = useNow();
  const { data } = useApi('GET /api/v1/findings', {}, { ...filtersOf(state), [by]: group.key, limit: 100 });
  const isWhole = selection.ticked.has(`group:${group.key}`);
  return (
    <>
      {onlyFindings(data?.items ?? []).map((finding) => (
        <tr key={finding.id} class={isWhole || selection.ticked.has(finding.id) ? 'child sel' : 'child'}>
          <td class="pick">
            <Tick
              name={`Select ${finding.title}`}
              on={isWhole || selection.ticked.has(finding.id)}
              disabled={isWhole}
              toggle={(on) => selection.toggle([finding.id], on)}
            />
          </td>
          <td class="lo" />
          <td class="cause" colSpan={2}>
            <PlaceLink finding={finding} />{' '}
            <a class="muted" href={`/findings/${finding.id}`}>
              <Hostile text={finding.title} max={160} />
            </a>
          </td>
          <td class="muted">seen {relative(new Date(finding.lastSeenAt), now)}</td>
          <td class="lo mid" />
          <td class="lo" />
        </tr>
      ))}
    </>
  );
}
