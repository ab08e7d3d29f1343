import type { ComponentChildren } from 'preact';
import type { Loaded } from '../api/use-api.js';
import { count, plural } from '../lib/format.js';
import type { UrlState } from '../lib/url-state.js';
import { isFiltered } from '../lib/view-state.js';
import { Pager } from './pager.js';
import { Callout, Empty } from './states.js';
import { DataTable, type Column, type Selection } from './table.js';

/** A page of a list as the API answers it. */
export interface ListPage<Row> {
  readonly items: readonly Row[];
  readonly nextCursor: string | null;
  /** How many there are; null or absent: not counted. */
  readonly total?: number | null;
  /** True when the answer, or its total, is not whole. */
  readonly partial?: boolean;
}

/** A list of the API as a table with pages, its empty states, and what it is that the filters leave. */
export function ListTable<Row, State extends UrlState & { readonly cursor: string }>(props: {
  readonly label: string;
  /** One of them and several: `finding`, `findings`. */
  readonly things: readonly [one: string, many: string];
  readonly columns: readonly Column<Row>[];
  readonly loaded: Loaded<ListPage<Row>>;
  readonly rowKey: (row: Row) => string;
  readonly rowName?: (row: Row) => string;
  readonly selection?: Selection;
  readonly rowClass?: (row: Row) => string;
  readonly below?: (row: Row) => ComponentChildren;
  readonly state: State;
  readonly defaults: State;
  readonly change: (part: Partial<State>) => void;
  readonly mood?: 'good' | 'none';
  readonly emptyTitle: string;
  readonly emptyText?: ComponentChildren;
  readonly emptyActs?: ComponentChildren;
}) {
  const { loaded, state, defaults, things, change, ...table } = props;
  const page = loaded.data;
  const sort = state['sort'];
  return (
    <>
      {page?.partial === true ? <Callout tone="notice">{partialText(page, things[1])}</Callout> : null}
      <DataTable
        {...table}
        loaded={loaded}
        rows={page?.items}
        {...(sort === undefined
          ? {}
          : { sort, onSort: (next: string) => change({ sort: next } as unknown as Partial<State>) })}
        empty={
          isFiltered(state, defaults) || state.cursor !== '' ? (
            <NothingFits things={things[1]} clear={() => change(defaults)} />
          ) : (
            <Empty mood={props.mood ?? 'none'} title={props.emptyTitle} acts={props.emptyActs}>
              {props.emptyText}
            </Empty>
          )
        }
        footer={
          <Pager state={state} defaults={defaults} next={page?.nextCursor ?? null}>
            {page === undefined ? 'Loading' : shownText(page, things)}
          </Pager>
        }
      />
    </>
  );
}

/** Which filter to drop: all of them. */
export function NothingFits({ things, clear }: { readonly things: string; readonly clear: () => void }) {
  return (
    <Empty
      mood="none"
      title={`No ${things} match these filters`}
      acts={
        <button class="btn primary" type="button" onClick={clear}>
          Clear all filters
        </button>
      }
    />
  );
}

function shownText(page: ListPage<unknown>, [one, many]: readonly [string, string]): string {
  const { items, total = null, partial = false } = page;
  if (total === null) return `${plural(items.length, one, many)} on this page`;
  if (items.length === total) return plural(total, one, many);
  return `${count(items.length)} of ${partial ? 'more than ' : ''}${plural(total, one, many)}`;
}

function partialText({ total = null }: ListPage<unknown>, many: string): string {
  if (total === null) return `Counting all ${many} took too long. Narrow the filters for a figure.`;
  return `There are more than ${count(total)} ${many}. Narrow the filters for an exact figure.`;
}
