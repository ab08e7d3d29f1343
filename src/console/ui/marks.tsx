import { hostParts } from '../lib/host-parts.js';
import { day, minute, relative, shortHash } from '../lib/format.js';
import { printable } from '../../lib/printable.js';
import { useNow } from '../lib/browser.js';
import { Icon } from './icon.js';
import { toast } from './toast.js';

/** Text that comes from a certificate, a server or a log: control characters escaped, direction isolated, text node only. */
export function Hostile({ text, max = 500 }: { readonly text: string; readonly max?: number }) {
  return <bdi dir="ltr">{printable(text, max)}</bdi>;
}

/** A host name or address; the domain it lies under is fainter. `href` makes it a link. */
export function Host(props: { readonly host: string; readonly port?: number; readonly href?: string }) {
  const { own, rest } = hostParts(props.host);
  const address = own.includes(':');
  const text = (
    <bdi dir="ltr">
      {address && props.port !== undefined ? `[${own}]` : own}
      {rest === '' ? null : <i>{rest}</i>}
      {props.port === undefined ? null : <i>:{props.port}</i>}
    </bdi>
  );
  return props.href === undefined ? (
    <span class="host">{text}</span>
  ) : (
    <a class="host" href={props.href}>
      {text}
    </a>
  );
}

/** Copies a text and says so. */
export async function copyText(text: string, what: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
    toast('ok', `${what} copied`);
  } catch (error) {
    toast('error', error instanceof Error ? `Not copied: ${error.message}` : 'Not copied');
  }
}

/** A button that copies. */
export function Copy({ text, what }: { readonly text: string; readonly what: string }) {
  return (
    <button class="copy" type="button" aria-label={`Copy ${what}`} onClick={() => void copyText(text, what)}>
      <Icon name="copy" />
    </button>
  );
}

/** A hash, short or whole, with a button that copies all of it. */
export function Hash(props: {
  readonly hex: string;
  readonly what?: string;
  readonly full?: boolean;
  readonly href?: string;
}) {
  const { hex, what = 'hash', full = false, href } = props;
  const text = <span title={hex}>{full ? hex : shortHash(hex)}</span>;
  return (
    <span class={full ? 'hash full' : 'hash'}>
      {href === undefined ? text : <a href={href}>{text}</a>}
      <Copy text={hex} what={what} />
    </span>
  );
}

/** How near an end is: `hot` passed, `late` within three days, `soon` within `warnDays`. */
export function nearness(at: Date, now: Date, warnDays = 30): '' | 'hot' | 'late' | 'soon' {
  const days = (at.getTime() - now.getTime()) / 86_400_000;
  if (days <= 0) return 'hot';
  if (days <= 3) return 'late';
  return days <= warnDays ? 'soon' : '';
}

/** An instant: relative, then absolute with its zone. `by` = `end` colours what ends soon. */
export function When(props: {
  readonly at: string | null | undefined;
  readonly by?: 'end';
  readonly dateOnly?: boolean;
  readonly none?: string;
}) {
  const now = useNow();
  if (props.at === null || props.at === undefined) return <span class="muted">{props.none ?? 'never'}</span>;
  const at = new Date(props.at);
  const tone = props.by === 'end' ? nearness(at, now) : '';
  return (
    <time class={`when ${tone}`.trim()} datetime={props.at}>
      {relative(at, now)}
      <small>{props.dateOnly === true ? day(at) : minute(at)}</small>
    </time>
  );
}

/** An instant inside a sentence: `24 Nov 2026 09:41 UTC`. */
export function Instant({ at }: { readonly at: string }) {
  return <time datetime={at}>{minute(new Date(at))}</time>;
}

/** The two legs of a certificate: is it served, was it logged. */
export function Legs(props: { readonly served: boolean; readonly logged: boolean; readonly text?: string }) {
  const words = `${props.served ? 'served' : 'not served'}, ${props.logged ? 'logged' : 'not seen in CT'}`;
  return (
    <span class="legs" title={words}>
      <svg viewBox="0 0 24 16" role="img" aria-label={words}>
        <circle class={props.served ? 'lens-a on' : 'lens-a no'} cx="9" cy="8" r="6" />
        <circle class={props.logged ? 'lens-b on' : 'lens-b no'} cx="15" cy="8" r="6" />
      </svg>
      {props.text === undefined ? null : <span class="t">{props.text}</span>}
    </span>
  );
}

/** One leg alone, as a mark beside a word that names it. */
export function LegMark({ leg }: { readonly leg: 'served' | 'logged' }) {
  return (
    <svg viewBox="0 0 24 16" aria-hidden="true">
      <circle class={leg === 'served' ? 'lens-a on' : 'lens-a no'} cx="9" cy="8" r="6" />
      <circle class={leg === 'logged' ? 'lens-b on' : 'lens-b no'} cx="15" cy="8" r="6" />
    </svg>
  );
}

/** A certificate as a share of its lifetime, with a gap at two thirds, where renewal is due, and a tick at now. */
export function Life({ from, to }: { readonly from: string | null; readonly to: string | null }) {
  const now = useNow();
  if (from === null || to === null) return null;
  const [start, end] = [Date.parse(from), Date.parse(to)];
  const spent = Math.min(1, Math.max(0, (now.getTime() - start) / Math.max(1, end - start)));
  const tone = spent >= 1 ? 'over' : spent >= 8 / 9 ? 'dire' : spent >= 2 / 3 ? 'late' : '';
  const x = `${(100 * spent).toFixed(1)}%`;
  return (
    <svg
      class={`life ${tone}`.trim()}
      role="img"
      aria-label={`${Math.round(100 * spent)} per cent of its life is over`}
    >
      <rect class="bed" width="100%" height="4" y="4" rx="2" />
      <rect class="spent" width={x} height="4" y="4" rx="2" />
      <line class="notch" x1="66.7%" x2="66.7%" y1="3" y2="9" />
      <line class="at" x1={x} x2={x} y1="1" y2="11" />
    </svg>
  );
}
