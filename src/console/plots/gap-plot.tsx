import type { DeployGap, Endpoint } from '../api/types.js';
import { useNow } from '../lib/browser.js';
import { timeScale, type TimeScale } from '../lib/time-scale.js';
import { printable } from '../../lib/printable.js';
import { NowLine, Plot, TimeAxis } from './plot.js';

const rowHeight = 19;
const top = 84;
/** Endpoints that are drawn; the table below has all. */
const mostRows = 40;
const dayMs = 86_400_000;

/** Who served which of two certificates when, with the lines of issue, of now and of the end. */
export function GapPlot(props: {
  readonly gap: DeployGap;
  readonly old: { readonly sha256: string; readonly from: Date; readonly to: Date };
  readonly renewed: { readonly from: Date; readonly to: Date };
  readonly title: string;
}) {
  const { gap, old, renewed } = props;
  const now = useNow();
  const endpoints = gap.endpoints.slice(0, mostRows);
  const bottom = top + endpoints.length * rowHeight + 6;
  const spans = gap.spans.map(({ firstSeenAt }) => Date.parse(firstSeenAt));
  const start = new Date(
    Math.max(old.from.getTime(), Math.min(renewed.from.getTime(), now.getTime(), ...spans) - 4 * dayMs),
  );
  const end = new Date(Math.max(old.to.getTime(), now.getTime()) + 5 * dayMs);
  return (
    <Plot
      title={props.title}
      height={bottom + 20}
      draw={(width) => {
        const left = width < 600 ? 104 : 190;
        const scale = timeScale(start, end, left, width - 4);
        const issued = scale.x(renewed.from);
        return (
          <>
            <TimeAxis scale={scale} top={20} bottom={bottom} left={left} width={width} />
            <Lane y={26} word="Old certificate" fill="p-old" from={old.from} to={old.to} scale={scale} />
            <Lane
              y={46}
              word="New certificate"
              fill="p-issued"
              from={renewed.from}
              to={renewed.to}
              scale={scale}
            />
            {endpoints.map((endpoint, index) => (
              <Row
                key={endpoint.key}
                endpoint={endpoint}
                gap={gap}
                old={old}
                now={now}
                y={top + index * rowHeight}
                scale={scale}
                width={left}
              />
            ))}
            <line class="issue" x1={issued} x2={issued} y1={20} y2={bottom} />
            <text class="hi" x={Math.max(left, issued + 4)} y={12}>
              issued
            </text>
            <NowLine scale={scale} now={now} top={16} bottom={bottom} />
            <line class="endline" x1={scale.x(old.to)} x2={scale.x(old.to)} y1={20} y2={bottom} />
          </>
        );
      }}
    />
  );
}

function clamp(scale: TimeScale, from: Date, to: Date): { readonly x: number; readonly width: number } {
  const x1 = scale.x(from < scale.from ? scale.from : from);
  const x2 = scale.x(to > scale.to ? scale.to : to);
  return { x: x1, width: Math.max(1, x2 - x1) };
}

function Lane(props: {
  readonly y: number;
  readonly word: string;
  readonly fill: string;
  readonly from: Date;
  readonly to: Date;
  readonly scale: TimeScale;
}) {
  const { y, scale } = props;
  return (
    <>
      <text class="hi" x={0} y={y + 9}>
        {props.word}
      </text>
      <rect class={props.fill} y={y} height={11} {...clamp(scale, props.from, props.to)} />
    </>
  );
}

function Row(props: {
  readonly endpoint: Endpoint;
  readonly gap: DeployGap;
  readonly old: { readonly sha256: string; readonly to: Date };
  readonly now: Date;
  readonly y: number;
  readonly scale: TimeScale;
  readonly width: number;
}) {
  const { endpoint, gap, old, now, y, scale } = props;
  const isOld = endpoint.chain[0] === old.sha256;
  const own = gap.spans.filter(({ endpointKey }) => endpointKey === endpoint.key);
  const { host, address } = endpoint.target;
  return (
    <>
      <text class="m" x={0} y={y + 10}>
        {printable(address ?? host, Math.floor(props.width / 7.4))}
      </text>
      {own.map((span) => (
        <rect
          key={span.sha256 + span.firstSeenAt}
          class={span.sha256 === old.sha256 ? 'b-old' : 'p-new'}
          y={y + 2}
          height={9}
          {...clamp(
            scale,
            new Date(span.firstSeenAt),
            endpoint.chain[0] === span.sha256 ? now : new Date(span.lastSeenAt),
          )}
        />
      ))}
      {isOld && old.to > now ? (
        <rect class="b-risk" y={y + 2} height={9} {...clamp(scale, now, old.to)} />
      ) : null}
      {isOld ? (
        <rect class="b-dead" y={y + 2} height={9} {...clamp(scale, old.to > now ? old.to : now, scale.to)} />
      ) : null}
    </>
  );
}
