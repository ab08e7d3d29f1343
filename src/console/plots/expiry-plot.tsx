import { count, day as dayText, plural } from '../lib/format.js';
import { joined, type ExpiryDay } from '../lib/expiry-days.js';
import { ticksBetween, timeScale, type TimeScale } from '../lib/time-scale.js';
import { Plot } from './plot.js';

const dayMs = 86_400_000;
const square = 9;
/** Squares that fit above one another. */
const mostSquares = 8;

/** Heights of the upper lane (squares, one a certificate that needs work) and of the lower one (bars of those on course). */
interface Lanes {
  readonly squaresBottom: number;
  readonly barsTop: number;
  readonly barsBottom: number;
}

function lanesFor(days: readonly ExpiryDay[]): Lanes {
  const most = Math.max(...days.map(({ overdue, notInstalled }) => overdue + notInstalled), 2);
  const squaresBottom = 24 + Math.min(mostSquares, most) * (square + 1);
  return { squaresBottom, barsTop: squaresBottom + 20, barsBottom: squaresBottom + 92 };
}

/** Two lanes by day of expiry: squares for what needs work, bars for what is on course. */
export function ExpiryPlot(props: {
  readonly days: readonly ExpiryDay[];
  readonly from: Date;
  readonly length: number;
  readonly title: string;
}) {
  const from = new Date(Math.floor(props.from.getTime() / dayMs) * dayMs);
  const to = new Date(from.getTime() + props.length * dayMs);
  return (
    <Plot
      title={props.title}
      hasLinks
      height={lanesFor(props.days).barsBottom + 22}
      draw={(width) => {
        const span = width < 560 ? 3 : 1;
        const days = joined(props.days, from, span);
        const scale = timeScale(from, to, 30, width - 4);
        const lanes = lanesFor(props.days);
        const tallest = Math.max(4, ...days.map(({ onCourse }) => onCourse));
        return (
          <>
            <Axes scale={scale} width={width} tallest={tallest} lanes={lanes} />
            {days.map((one) => (
              <Day
                key={one.day}
                day={one}
                span={span}
                x={scale.x(new Date(one.day))}
                step={(span * (width - 34)) / props.length}
                tallest={tallest}
                lanes={lanes}
              />
            ))}
          </>
        );
      }}
    />
  );
}

function Day(props: {
  readonly day: ExpiryDay;
  readonly span: number;
  readonly lanes: Lanes;
  readonly x: number;
  readonly step: number;
  readonly tallest: number;
}) {
  const { day, x, step, tallest, lanes: lane } = props;
  const at = new Date(day.day);
  const size = Math.max(3, Math.min(square, step - 1));
  const height = ((lane.barsBottom - lane.barsTop) * day.onCourse) / tallest;
  const squares = [
    ...Array.from({ length: day.overdue }, () => 'c-none'),
    ...Array.from({ length: day.notInstalled }, () => 'c-gap'),
  ].slice(0, mostSquares);
  const next = new Date(at.getTime() + props.span * dayMs);
  const filter = `served=true&expiresAfter=${at.toISOString().slice(0, 10)}&expiresBefore=${next.toISOString().slice(0, 10)}`;
  const words = `${dayText(at)}: ${count(day.overdue)} overdue, ${count(day.notInstalled)} not installed, ${plural(day.onCourse, 'certificate')} on course`;
  return (
    <a href={`/certificates?${filter}`} aria-label={words}>
      <title>{words}</title>
      <rect class="hit" x={x} y={4} width={Math.max(step, 4)} height={lane.barsBottom - 4} />
      {squares.map((fill, index) => (
        <Square key={index} fill={fill} x={x} y={lane.squaresBottom - (index + 1) * (size + 1)} size={size} />
      ))}
      {day.onCourse === 0 ? null : (
        <rect
          class="c-done"
          x={x}
          y={lane.barsBottom - height}
          width={Math.max(2, step - 2)}
          height={height}
        />
      )}
    </a>
  );
}

/** A square; hatched where a successor waits. */
function Square(props: {
  readonly fill: string;
  readonly x: number;
  readonly y: number;
  readonly size: number;
}) {
  const { fill, x, y, size } = props;
  return (
    <>
      <rect class={fill} x={x} y={y} width={size} height={size} rx={1.5} />
      {fill === 'c-gap' ? <path class="c-hatch" d={`M${x} ${y + size}l${size} ${-size}`} /> : null}
    </>
  );
}

function Axes(props: {
  readonly scale: TimeScale;
  readonly width: number;
  readonly tallest: number;
  readonly lanes: Lanes;
}) {
  const { scale, width, tallest, lanes: lane } = props;
  const ticks = ticksBetween(scale.from, scale.to, Math.max(3, Math.floor(width / 80)));
  const half = Math.round(tallest / 2);
  return (
    <>
      {[half, tallest].map((value) => {
        const y = lane.barsBottom - ((lane.barsBottom - lane.barsTop) * value) / tallest;
        return (
          <g key={value}>
            <line class="grid-line" x1={30} x2={width - 4} y1={y} y2={y} />
            <text class="end" x={24} y={y + 4}>
              {count(value)}
            </text>
          </g>
        );
      })}
      {ticks.map(({ at, text }) => (
        <g key={text}>
          <line
            class="axis"
            x1={scale.x(at)}
            x2={scale.x(at)}
            y1={lane.barsBottom}
            y2={lane.barsBottom + 16}
          />
          {scale.x(at) > width - 44 ? null : (
            <text class={/^\d/.test(text) ? '' : 'hi'} x={scale.x(at) + 4} y={lane.barsBottom + 15}>
              {text}
            </text>
          )}
        </g>
      ))}
      <line class="axis" x1={30} x2={width - 4} y1={lane.squaresBottom + 1} y2={lane.squaresBottom + 1} />
      <line class="axis" x1={30} x2={width - 4} y1={lane.barsBottom} y2={lane.barsBottom} />
      <text class="end" x={width - 4} y={lane.squaresBottom - 6}>
        Needs work: one square is one certificate
      </text>
      <text class="end" x={width - 4} y={lane.barsTop - 4}>
        On course: certificates a day
      </text>
    </>
  );
}
