import { useNow } from '../lib/browser.js';
import { day } from '../lib/format.js';
import { timeScale } from '../lib/time-scale.js';
import { NowLine, Plot, TimeAxis } from './plot.js';

interface Span {
  readonly from: string;
  readonly to: string;
}

/** What came before or after, with a link. */
interface Related extends Span {
  readonly text: string;
  readonly href: string;
}

/** A certificate's life with what came before and what comes after, as far as that is known. */
export function LifePlot(props: {
  readonly life: Span;
  readonly before: Related | null;
  readonly after: Related | null;
}) {
  const now = useNow();
  const [from, to] = [new Date(props.life.from), new Date(props.life.to)];
  const length = to.getTime() - from.getTime();
  const due = new Date(from.getTime() + (2 / 3) * length);
  const instants = [
    from,
    to,
    now,
    ...[props.before, props.after].flatMap((span) =>
      span === null ? [] : [new Date(span.from), new Date(span.to)],
    ),
  ];
  const start = new Date(Math.min(...instants.map(Number)) - length / 20);
  const end = new Date(Math.max(...instants.map(Number)) + length / 20);
  const spent = Math.round((100 * (now.getTime() - from.getTime())) / length);
  const title = `Valid from ${day(from)} to ${day(to)}. ${Math.min(100, Math.max(0, spent))} per cent of its life is over. Renewal is due on ${day(due)}.`;
  return (
    <Plot
      title={title}
      height={122}
      hasLinks={props.before !== null || props.after !== null}
      draw={(width) => {
        const left = width < 600 ? 54 : 118;
        const scale = timeScale(start, end, left, width - 4);
        return (
          <>
            <TimeAxis scale={scale} top={18} bottom={104} left={left} width={width} />
            <Bar y={28} word="Before" span={props.before} scale={scale} shape="l-prev" />
            <ThisOne from={scale.x(from)} to={scale.x(to)} due={scale.x(due)} now={scale.x(now)} />
            <Bar y={76} word="After" span={props.after} scale={scale} shape="p-issued" />
            <line class="axis" x1={scale.x(to)} x2={scale.x(to)} y1={18} y2={70} />
            <EdgeWords due={scale.x(due)} end={scale.x(to)} now={scale.x(now)} />
            <NowLine scale={scale} now={now} top={16} bottom={104} />
          </>
        );
      }}
    />
  );
}

function ThisOne(props: {
  readonly from: number;
  readonly to: number;
  readonly due: number;
  readonly now: number;
}) {
  const { from, to, due, now } = props;
  return (
    <>
      <text class="hi" x={0} y={62}>
        This one
      </text>
      <rect class="l-bed" x={from} y={52} width={to - from} height={14} rx={2} />
      <rect
        class="l-spent"
        x={from}
        y={52}
        width={Math.max(0, Math.min(now, to) - from)}
        height={14}
        rx={2}
      />
      <line class="l-notch" x1={due} x2={due} y1={48} y2={70} />
    </>
  );
}

function Bar(props: {
  readonly y: number;
  readonly word: string;
  readonly span: Related | null;
  readonly scale: { readonly x: (at: Date) => number };
  readonly shape: string;
}) {
  const { y, span, scale } = props;
  if (span === null)
    return (
      <text x={0} y={y + 10}>
        {props.word}
      </text>
    );
  const [x1, x2] = [scale.x(new Date(span.from)), scale.x(new Date(span.to))];
  return (
    <>
      <text x={0} y={y + 10}>
        {props.word}
      </text>
      <a href={span.href} aria-label={`${props.word}: ${span.text}`}>
        <rect class={props.shape} x={x1} y={y} width={Math.max(2, x2 - x1)} height={14} rx={2}>
          <title>{span.text}</title>
        </rect>
      </a>
    </>
  );
}

/** "renewal due" and "expires" above their lines, where they do not cover one another. */
function EdgeWords({ due, end, now }: { readonly due: number; readonly end: number; readonly now: number }) {
  return (
    <>
      {end - due > 110 && Math.abs(due - now) > 40 ? (
        <text class="middle" x={due} y={12}>
          renewal due
        </text>
      ) : null}
      {Math.abs(end - now) > 40 ? (
        <text class="middle" x={end} y={12}>
          expires
        </text>
      ) : null}
    </>
  );
}
