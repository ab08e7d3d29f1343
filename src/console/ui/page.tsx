import type { ComponentChildren } from 'preact';
import { useEffect } from 'preact/hooks';

/** The head of a page: where you are, its title with marks, one sentence, and what can be done. */
export function Head(props: {
  readonly title: string;
  /** The title as it is shown, where that is more than text. */
  readonly shown?: ComponentChildren;
  readonly crumbs?: readonly (readonly [string, string?])[];
  readonly marks?: ComponentChildren;
  readonly lede?: ComponentChildren;
  readonly children?: ComponentChildren;
}) {
  useTitle(props.title);
  return (
    <div class="head">
      <div>
        {props.crumbs === undefined ? null : <Crumbs steps={props.crumbs} />}
        <div class="titleline">
          <h1>{props.shown ?? props.title}</h1>
          {props.marks}
        </div>
        {props.lede === undefined ? null : <p class="lede">{props.lede}</p>}
      </div>
      {props.children === undefined ? null : <div class="acts">{props.children}</div>}
    </div>
  );
}

/** The title of the window; the longest-named view wins. */
export function useTitle(title: string): void {
  useEffect(() => {
    document.title = `${title} · Certglass`;
  }, [title]);
}

function Crumbs({ steps }: { readonly steps: readonly (readonly [string, string?])[] }) {
  return (
    <nav aria-label="Where you are">
      <ol class="crumbs">
        {steps.map(([text, href]) => (
          <li key={text}>{href === undefined ? <bdi>{text}</bdi> : <a href={href}>{text}</a>}</li>
        ))}
      </ol>
    </nav>
  );
}

/** A framed part of a page. */
export function Panel(props: {
  readonly title: ComponentChildren;
  readonly id?: string;
  /** Beside the title. */
  readonly aside?: ComponentChildren;
  /** At the right end. */
  readonly more?: ComponentChildren;
  readonly note?: ComponentChildren;
  /** Children stand at the edges, as tables do. */
  readonly flush?: boolean;
  readonly children?: ComponentChildren;
}) {
  return (
    <section class="panel" id={props.id}>
      <header>
        <h2>{props.title}</h2>
        {props.aside === undefined ? null : <span class="muted">{props.aside}</span>}
        {props.more === undefined ? null : <div class="more">{props.more}</div>}
        {props.note === undefined ? null : <p>{props.note}</p>}
      </header>
      {props.flush === true ? props.children : <div class="body">{props.children}</div>}
    </section>
  );
}

/** Words with values. Entries whose value is null are left out. */
export function Facts({ of }: { readonly of: readonly (readonly [string, ComponentChildren])[] }) {
  return (
    <dl class="facts">
      {of
        .filter(([, value]) => value !== null && value !== undefined)
        .map(([word, value]) => (
          <>
            <dt key={word}>{word}</dt>
            <dd key={`${word} value`}>{value}</dd>
          </>
        ))}
    </dl>
  );
}

/** Large figures, each with its word and a line of what it means. */
export function Stats({
  of,
}: {
  readonly of: readonly (readonly [string, ComponentChildren, ComponentChildren?])[];
}) {
  return (
    <dl class="stats">
      {of.map(([word, figure, meaning]) => (
        <div key={word}>
          <dt>{word}</dt>
          <dd>
            {figure}
            {meaning === undefined ? null : <small>{meaning}</small>}
          </dd>
        </div>
      ))}
    </dl>
  );
}

/** Links between states or parts of a view. */
export function Tabs(props: {
  readonly label: string;
  readonly tabs: readonly {
    readonly text: string;
    readonly href: string;
    readonly current: boolean;
    readonly n?: string;
  }[];
}) {
  return (
    <nav class="tabs" aria-label={props.label}>
      {props.tabs.map(({ text, href, current, n }) => (
        <a key={text} href={href} aria-current={current ? 'page' : undefined}>
          {text} {n === undefined ? null : <span class="n">{n}</span>}
        </a>
      ))}
    </nav>
  );
}
