import type { ComponentChildren } from 'preact';
import type { Loaded } from '../api/use-api.js';
import { Icon } from './icon.js';
import { Failure } from './states.js';

/** One column. `sort` is the API's name of the order by it; `ends` of the wrapping classes decide on narrow screens. */
export interface Column<Row> {
  readonly key: string;
  readonly head: ComponentChildren;
  readonly cell: (row: Row) => ComponentChildren;
  /** Classes of head and cells: `num`, `lo`, `mid`, `lifecol`, `name`, `fit`, `wide`. */
  readonly class?: string;
  readonly sort?: string;
}

/** Ticked rows. */
export interface Selection {
  readonly ticked: ReadonlySet<string>;
  readonly toggle: (keys: readonly string[], on: boolean) => void;
}

/** A table of one page of a list, with its states: loading (old rows stay), failed, empty. */
export function DataTable<Row>(props: {
  readonly label: string;
  readonly columns: readonly Column<Row>[];
  readonly loaded: Pick<Loaded<unknown>, 'error' | 'loading' | 'reload'>;
  readonly rows: readonly Row[] | undefined;
  readonly rowKey: (row: Row) => string;
  /** What a row is called, for its tick box. */
  readonly rowName?: (row: Row) => string;
  readonly selection?: Selection;
  readonly rowClass?: (row: Row) => string;
  /** Further rows under one, when it is unfolded. */
  readonly below?: (row: Row) => ComponentChildren;
  readonly sort?: string;
  readonly onSort?: (sort: string) => void;
  readonly empty: ComponentChildren;
  readonly footer?: ComponentChildren;
}) {
  const { label, columns, loaded, rows, selection } = props;
  if (rows === undefined && loaded.error !== null)
    return (
      <Framed label={label}>
        <Failure error={loaded.error} retry={loaded.reload} />
      </Framed>
    );
  if (rows?.length === 0 && !loaded.loading) return <Framed label={label}>{props.empty}</Framed>;
  const keys = rows?.map(props.rowKey) ?? [];
  return (
    <Framed label={label}>
      <table aria-busy={loaded.loading}>
        <caption class="sr">{label}</caption>
        <thead>
          <tr>
            {selection === undefined ? null : (
              <th scope="col" class="pick">
                <Tick
                  name="Select all shown"
                  on={keys.length > 0 && keys.every((key) => selection.ticked.has(key))}
                  toggle={(on) => selection.toggle(keys, on)}
                />
              </th>
            )}
            {columns.map((column) => (
              <HeadCell key={column.key} column={column} sort={props.sort} onSort={props.onSort} />
            ))}
          </tr>
        </thead>
        <tbody>
          {rows === undefined ? (
            <GreyRows columns={columns} />
          ) : (
            rows.map((row) => <BodyRow key={props.rowKey(row)} row={row} {...props} />)
          )}
        </tbody>
      </table>
      {props.footer}
    </Framed>
  );
}

/** The scroll box of a table; it can be focused, so that the keyboard scrolls it. */
export function Framed({
  label,
  children,
}: {
  readonly label: string;
  readonly children: ComponentChildren;
}) {
  return (
    <div class="tablewrap" tabindex={0} role="region" aria-label={label}>
      {children}
    </div>
  );
}

function HeadCell<Row>(props: {
  readonly column: Column<Row>;
  readonly sort: string | undefined;
  readonly onSort: ((sort: string) => void) | undefined;
}) {
  const { column, sort = '', onSort } = props;
  const name = column.sort;
  if (name === undefined || onSort === undefined)
    return (
      <th scope="col" class={column.class}>
        {column.head}
      </th>
    );
  const direction = sort === name ? 'ascending' : sort === `-${name}` ? 'descending' : undefined;
  return (
    <th scope="col" class={column.class} aria-sort={direction}>
      <button type="button" onClick={() => onSort(sort === name ? `-${name}` : name)}>
        {column.head}
        {direction === undefined ? null : <Icon name="down" />}
      </button>
    </th>
  );
}

function BodyRow<Row>(props: {
  readonly row: Row;
  readonly columns: readonly Column<Row>[];
  readonly rowKey: (row: Row) => string;
  readonly rowName?: (row: Row) => string;
  readonly selection?: Selection;
  readonly rowClass?: (row: Row) => string;
  readonly below?: (row: Row) => ComponentChildren;
}) {
  const { row, columns, selection } = props;
  const key = props.rowKey(row);
  const ticked = selection?.ticked.has(key) === true;
  const names = [props.rowClass?.(row), ticked ? 'sel' : undefined].filter((name) => name !== undefined);
  return (
    <>
      <tr class={names.join(' ')}>
        {selection === undefined ? null : (
          <td class="pick">
            <Tick
              name={`Select ${props.rowName?.(row) ?? key}`}
              on={ticked}
              toggle={(on) => selection.toggle([key], on)}
            />
          </td>
        )}
        {columns.map((column) => (
          <td key={column.key} class={column.class}>
            {column.cell(row)}
          </td>
        ))}
      </tr>
      {props.below?.(row)}
    </>
  );
}

/** A tick box of a row. */
export function Tick(props: {
  readonly name: string;
  readonly on: boolean;
  readonly disabled?: boolean;
  readonly toggle: (on: boolean) => void;
}) {
  return (
    <input
      type="checkbox"
      aria-label={props.name}
      checked={props.on}
      disabled={props.disabled}
      onChange={(event) => props.toggle(event.currentTarget.checked)}
    />
  );
}

/** Grey lines in a table's own columns. */
export function GreyRows<Row>({ columns }: { readonly columns: readonly Column<Row>[] }) {
  return (
    <>
      {Array.from({ length: 8 }, (_, index) => (
        <tr key={index}>
          {columns.map((column) => (
            <td key={column.key} class={column.class}>
              <span class="skel" />
            </td>
          ))}
        </tr>
      ))}
    </>
  );
}
