import { useEffect, useState } from 'preact/hooks';

const changed = new Set<() => void>();

/** Goes to a path of the console. `replace` keeps the history short while a filter is typed. */
export function navigate(
  to: string,
  how: { readonly replace?: boolean; readonly state?: unknown } = {},
): void {
  const url = new URL(to, location.href);
  if (url.href === location.href && how.state === undefined) return;
  if (how.replace === true) history.replaceState(how.state ?? history.state, '', url);
  else history.pushState(how.state ?? null, '', url);
  announce();
}

function announce(): void {
  for (const listener of changed) listener();
}

/** The present location; re-renders when it changes. */
export function useLocation(): { readonly path: string; readonly search: string; readonly hash: string } {
  const [, render] = useState(0);
  useEffect(() => {
    const listener = (): void => render((times) => times + 1);
    changed.add(listener);
    return () => void changed.delete(listener);
  }, []);
  return { path: location.pathname, search: location.search, hash: location.hash };
}

/** Back, forward, and plain clicks on links of the console stay in the page. Called once. */
export function followLinks(): void {
  addEventListener('popstate', announce);
  document.addEventListener('click', (event) => {
    const link = event.target instanceof Element ? event.target.closest('a[href]') : null;
    if (!(link instanceof HTMLAnchorElement) || !isOurs(link, event)) return;
    event.preventDefault();
    const moved = link.pathname !== location.pathname;
    navigate(link.pathname + link.search + link.hash);
    if (link.hash !== '') document.getElementById(link.hash.slice(1))?.scrollIntoView();
    else if (moved) scrollTo(0, 0);
  });
}

function isOurs(link: HTMLAnchorElement, event: MouseEvent): boolean {
  const plain = event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;
  const served = /^\/(api|health|metrics)(\/|$)/.test(link.pathname);
  return (
    plain &&
    !event.defaultPrevented &&
    link.origin === location.origin &&
    !served &&
    !link.hasAttribute('download')
  );
}

/** The present time, renewed every half minute, so that "12 min ago" stays true. */
export function useNow(everyMs = 30_000): Date {
  const [now, setNow] = useState(() => new Date());
  useEffect(() => {
    const timer = setInterval(() => setNow(new Date()), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return now;
}

/** A value that follows `value` once it has rested for `ms`: for searches while typing. */
export function useRested<T>(value: T, ms: number): T {
  const [rested, setRested] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setRested(value), ms);
    return () => clearTimeout(timer);
  }, [value, ms]);
  return rested;
}

/** Something small kept in this browser; `fallback` where there is no storage. */
export function stored(name: string, fallback: string): string {
  try {
    return localStorage.getItem(name) ?? fallback;
  } catch (error) {
    if (error instanceof DOMException) return fallback;
    throw error;
  }
}

/** Keeps something small in this browser, if it lets us. */
export function store(name: string, value: string): void {
  try {
    localStorage.setItem(name, value);
  } catch (error) {
    if (!(error instanceof DOMException)) throw error;
  }
}
