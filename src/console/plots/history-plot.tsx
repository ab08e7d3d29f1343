import type { EndpointDetail } from '../api/types.js';
import { useNow } from '../lib/browser.js';
import { authorityName, day, shortHash } from '../lib/format.js';
import { timeScale } from '../lib/time-scale.js';
import { printable } from '../../lib/printable.js';
import { NowLine, Plot, TimeAxis } from './plot.js';

const rowHeight = 34;
const mostRows = 12;
const dayMs = 86_400_000;

/** Certificates that an endpoint served, latest on top. */
export function HistoryPlot({ endpoint }: { readonly endpoint: EndpointDetail }) {
  const now = useNow();
  const spans = endpoint.spans.slice(0, mostRows);
  const first = Math.min(now.getTime() - dayMs, ...spans.map(({ firstSeenAt }) => Date.parse(firstSeenAt)));
  const margin = Math.max(dayMs / 12, (now.getTime() - first) / 25);
  const bottom = 24 + spans.length * rowHeight;
  const known = new Map(endpoint.certificates.map((certificate) => [certificate.sha256, certificate]));
  return (
    <Plot
      hasLinks
      title={`${endpoint.spans.length} certificates since ${day(new Date(first))}.`}
      height={bottom + 20}
      draw={(width) => {
        const left = width < 600 ? 110 : 200;
        const scale = timeScale(new Date(first - margin), new Date(now.getTime() + margin), left, width - 4);
        return (
          <>
            <TimeAxis scale={scale} top={18} bottom={bottom} left={left} width={width} />
            {spans.map(({ sha256, firstSeenAt, lastSeenAt }, index) => {
              const isNow = endpoint.chain[0] === sha256;
              const x = scale.x(new Date(firstSeenAt));
              const end = scale.x(isNow ? now : new Date(lastSeenAt));
              const issuer = authorityName(known.get(sha256)?.issuer ?? '');
              const y = 24 + index * rowHeight;
              return (
                <a key={sha256 + firstSeenAt} href={`/certificates/${sha256}`}>
                  <text class="hi" x={0} y={y + 8}>
                    {printable(issuer, Math.floor(left / 7))}
                  </text>
                  <text class="m" x={0} y={y + 21}>
                    {shortHash(sha256)}
                  </text>
                  <rect
                    class={isNow ? 'p-new' : 'p-old'}
                    x={x}
                    y={y}
                    width={Math.max(3, end - x)}
                    height={14}
                    rx={2}
                  />
                </a>
              );
            })}
            <NowLine scale={scale} now={now} top={16} bottom={bottom} />
          </>
        );
      }}
    />
  );
}
