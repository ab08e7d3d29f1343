import type { DomainFigures } from '../api/types.js';
import { count, month as monthWord } from '../lib/format.js';
import { Plot } from './plot.js';

const bottom = 108;
const top = 14;

/** Certificates issued each month: seen on an endpoint below, never served above. */
export function MonthPlot({
  months,
  domain,
}: {
  readonly months: DomainFigures['byMonth'];
  readonly domain: string;
}) {
  const tallest = Math.max(4, ...months.map(({ served, neverServed }) => served + neverServed));
  const unserved = months.reduce((sum, { neverServed }) => sum + neverServed, 0);
  return (
    <Plot
      title={`Certificates issued for ${domain} each month. ${count(unserved)} of them were never seen on an endpoint.`}
      height={132}
      draw={(width) => {
        const step = (width - 34) / Math.max(12, months.length);
        const y = (value: number): number => ((bottom - top) * value) / tallest;
        return (
          <>
            <text class="end" x={24} y={top + 4}>
              {count(tallest)}
            </text>
            <line class="grid-line" x1={30} x2={width - 4} y1={top} y2={top} />
            <line class="axis" x1={30} x2={width - 4} y1={bottom} y2={bottom} />
            {months.map(({ month, served, neverServed }, index) => {
              const x = 30 + index * step;
              const at = new Date(month);
              const size = Math.max(2, Math.min(28, step - 3));
              return (
                <g key={month}>
                  <title>{`${monthWord(at)} ${at.getUTCFullYear()}: ${served} served, ${neverServed} never served`}</title>
                  <rect class="p-new" x={x} y={bottom - y(served)} width={size} height={y(served)} />
                  <rect
                    class="p-issued"
                    x={x}
                    y={bottom - y(served + neverServed)}
                    width={size}
                    height={y(neverServed)}
                  />
                  {index % Math.ceil(54 / step) === 0 ? (
                    <text x={x} y={bottom + 15}>
                      {at.getUTCMonth() === 0 ? at.getUTCFullYear() : monthWord(at)}
                    </text>
                  ) : null}
                </g>
              );
            })}
          </>
        );
      }}
    />
  );
}
