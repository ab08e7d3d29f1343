import { Brand, Icon } from '../ui/icon.js';
import { groups, isWithin, type Place } from './places.js';

/** A number beside an entry of the navigation: what needs the reader. */
export interface Count {
  readonly value: number;
  /** What is counted, for screen readers: `open findings`. */
  readonly of: string;
  readonly hot?: boolean;
}

/** The bar at the left; on a phone a window behind the menu button. */
export function Nav(props: {
  readonly path: string;
  readonly counts: Readonly<Record<string, Count>>;
  readonly foot: preact.ComponentChildren;
}) {
  return (
    <nav class="nav" id="nav" popover="auto" aria-label="Main" onClick={hideAfterChoice}>
      <a class="brand" href="/">
        <Brand />
        <span>Certglass</span>
      </a>
      {groups.map(([heading, entries]) => (
        <>
          {heading === null ? null : <h2>{heading}</h2>}
          <ul>
            {entries.map((place) => (
              <Entry key={place.href} place={place} path={props.path} count={props.counts[place.text]} />
            ))}
          </ul>
        </>
      ))}
      <footer>{props.foot}</footer>
    </nav>
  );
}

function Entry(props: { readonly place: Place; readonly path: string; readonly count: Count | undefined }) {
  const { place, path, count } = props;
  return (
    <li>
      <a href={place.href} aria-current={isWithin(place, path) ? 'page' : undefined}>
        <Icon name={place.icon} />
        {place.text}
        {count === undefined || count.value === 0 ? null : (
          <span class={count.hot === true ? 'count hot' : 'count'}>
            {count.value > 999 ? '999+' : count.value}
            <span class="sr"> {count.of}</span>
          </span>
        )}
      </a>
    </li>
  );
}

function hideAfterChoice(event: Event): void {
  const nav = document.getElementById('nav');
  const chosen = event.target instanceof Element && event.target.closest('a') !== null;
  if (chosen && nav?.matches(':popover-open') === true) nav.hidePopover();
}
