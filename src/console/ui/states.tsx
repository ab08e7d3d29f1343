import type { ComponentChildren } from 'preact';
import type { ApiError } from '../api/client.js';
import { Shape, type Tone } from './severity.js';

/** Something to know before reading on. */
export function Callout({ tone, children }: { readonly tone: Tone; readonly children: ComponentChildren }) {
  return (
    <div class={`callout ${tone}`}>
      <Shape tone={tone} />
      <div>{children}</div>
    </div>
  );
}

/** Nothing to show, and why. `mood` chooses the picture: all is well, nothing here, or something failed. */
export function Empty(props: {
  readonly mood: 'good' | 'none' | 'failed';
  readonly title: string;
  readonly children?: ComponentChildren;
  readonly acts?: ComponentChildren;
}) {
  return (
    <div class="empty">
      <svg class="art" viewBox="0 0 88 56" aria-hidden="true">
        <circle class="art-line" cx="35" cy="28" r="20" />
        <circle class="art-line" cx="53" cy="28" r="20" />
        {props.mood === 'good' ? <path class="art-ok" d="m37 28 5 5 9-10" /> : null}
        {props.mood === 'failed' ? <path class="art-err" d="m39 23 10 10m0-10-10 10" /> : null}
      </svg>
      <h2>{props.title}</h2>
      {props.children === undefined ? null : <p>{props.children}</p>}
      {props.acts === undefined ? null : <div class="acts">{props.acts}</div>}
    </div>
  );
}

/** What happened, what to do, and the id of the request. */
export function Failure({ error, retry }: { readonly error: ApiError; readonly retry: () => void }) {
  return (
    <Empty
      mood="failed"
      title={titleOf(error)}
      acts={
        <button class="btn primary" type="button" onClick={retry}>
          Try again
        </button>
      }
    >
      {sentence(error.message)}
      {error.requestId === null ? null : (
        <>
          {' '}
          Request <span class="mono">{error.requestId}</span> is in the log.
        </>
      )}
    </Empty>
  );
}

function titleOf({ status }: ApiError): string {
  if (status === 0) return 'Certglass does not answer';
  if (status === 403) return 'You may not see this';
  if (status === 404) return 'No such resource';
  if (status === 503) return 'Certglass is busy';
  return status < 500 ? 'This request was refused' : 'Something went wrong';
}

/** The text as a sentence: capital first, full stop last. */
export function sentence(text: string): string {
  const start = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.!?]$/.test(start) ? start : `${start}.`;
}

/** Grey lines where a panel's content will be. */
export function Loading({ what, lines = 4 }: { readonly what: string; readonly lines?: number }) {
  return (
    <div class="stack" role="status">
      <span class="sr">Loading {what}</span>
      {Array.from({ length: lines }, (_, index) => (
        <span key={index} class="skel" />
      ))}
    </div>
  );
}
