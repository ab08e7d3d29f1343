import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { ticksBetween, type TimeScale } from '../lib/time-scale.js';

/** A picture that is drawn for the width it gets. Its title says the result, for those who do not see it. */
export function Plot(props: {
  readonly title: string;
  readonly height: number;
  /** Parts of it can be pressed: it is a group then, not an image. */
  readonly hasLinks?: boolean;
  readonly draw: (width: number) => ComponentChildren;
}) {
  const box = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(0);
  useEffect(() => {
    const element = box.current;
    if (element === null) return undefined;
    const observer = new ResizeObserver(([entry]) => setWidth(Math.floor(entry?.contentRect.width ?? 0)));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  return (
    <div ref={box}>
      {width === 0 ? null : (
        <svg
          class="plot"
          viewBox={`0 0 ${width} ${props.height}`}
          role={props.hasLinks === true ? 'group' : 'img'}
          aria-label={props.title}
        >
          {props.draw(width)}
        </svg>
      )}
    </div>
  );
}

/** The time axis: a line and words for each step, as many as there is room for. */
export function TimeAxis(props: {
  readonly scale: TimeScale;
  readonly top: number;
  readonly bottom: number;
  readonly left: number;
  readonly width: number;
}) {
  const { scale, top, bottom, left, width } = props;
  const ticks = ticksBetween(scale.from, scale.to, Math.max(2, Math.floor((width - left) / 90)));
  return (
    <>
      {ticks.map(({ at, text }) => (
        <g key={text}>
          <line class="grid-line" x1={scale.x(at)} x2={scale.x(at)} y1={top} y2={bottom} />
          {scale.x(at) > width - 44 ? null : (
            <text x={scale.x(at) + 4} y={bottom + 14}>
              {text}
            </text>
          )}
        </g>
      ))}
    </>
  );
}

/** The line of the present. */
export function NowLine({
  scale,
  now,
  top,
  bottom,
}: {
  readonly scale: TimeScale;
  readonly now: Date;
  readonly top: number;
  readonly bottom: number;
}) {
  const x = scale.x(now);
  return (
    <>
      <line class="nowline" x1={x} x2={x} y1={top} y2={bottom} />
      <text class="hi end" x={x - 5} y={top - 3}>
        now
      </text>
    </>
  );
}
