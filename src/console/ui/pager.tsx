import type { ComponentChildren } from 'preact';
import { navigate } from '../lib/browser.js';
import { writeState, type UrlState } from '../lib/url-state.js';

/** Cursors of the pages before this one, oldest first; kept beside the URL in the history, so that back and reload keep them. */
function trail(): readonly string[] {
  const state: unknown = history.state;
  return Array.isArray(state) ? state.filter((item) => typeof item === 'string') : [];
}

/** Foot of a list: what is shown, and the pages before and after. The cursor is part of the URL. */
export function Pager<State extends UrlState & { readonly cursor: string }>(props: {
  readonly state: State;
  readonly defaults: State;
  readonly next: string | null;
  readonly children: ComponentChildren;
}) {
  const { state, defaults, next } = props;
  const go = (cursor: string, before: readonly string[]): void => {
    navigate(location.pathname + writeState({ ...state, cursor }, defaults), { state: before });
    document.getElementById('main')?.scrollIntoView();
  };
  const before = trail();
  return (
    <div class="pager">
      <span>{props.children}</span>
      <div class="acts">
        <button
          class="btn small"
          type="button"
          disabled={state.cursor === ''}
          onClick={() => go(before.at(-1) ?? '', before.slice(0, -1))}
        >
          {state.cursor !== '' && before.length === 0 ? 'First page' : 'Previous'}
        </button>
        <button
          class="btn small"
          type="button"
          disabled={next === null}
          onClick={() => go(next ?? '', [...before, state.cursor])}
        >
          Next
        </button>
      </div>
    </div>
  );
}
