import type { Overview } from '../api/types.js';
import { authorityName, count } from '../lib/format.js';
import { Bars } from '../ui/bars.js';
import { Hostile } from '../ui/marks.js';
import { Panel } from '../ui/page.js';
import { Severity } from '../ui/severity.js';
import { Framed } from '../ui/table.js';

interface Props {
  readonly overview: Overview;
}

/** How many of a kind are shown; the rest is one bar. */
const shown = 7;

/** Served certificates by who issued them. */
export function ByIssuer({ overview: { byIssuer, figures } }: Props) {
  return (
    <Panel
      title="By issuer"
      more={<a href="/certificates?served=true">{count(figures.certificatesServed)} served</a>}
    >
      <Shares of={byIssuer} nameOf={authorityName} none="no issuer" />
    </Panel>
  );
}

/** Served certificates by the label `environment` of the inventory. */
export function ByEnvironment({ overview: { byEnvironment } }: Props) {
  return (
    <Panel title="By environment" note="The label environment of the inventory.">
      <Shares of={byEnvironment} nameOf={(key) => key} none="not labelled" />
    </Panel>
  );
}

function Shares(props: {
  readonly of: Overview['byIssuer'];
  readonly nameOf: (key: string) => string;
  readonly none: string;
}) {
  const first = props.of.slice(0, shown);
  const rest = props.of.slice(shown).reduce((sum, { served }) => sum + served, 0);
  const bars = first.map(({ key, served }) => ({
    key,
    label: <Hostile text={key === '' ? props.none : props.nameOf(key)} max={80} />,
    shown: count(served),
    value: served,
    tone: key === '' ? ('warn' as const) : ('v' as const),
  }));
  if (bars.length === 0) return <p class="sub">Nothing is served yet.</p>;
  const others = {
    key: 'others',
    label: `${props.of.length - shown} others`,
    shown: count(rest),
    value: rest,
  };
  return <Bars of={rest === 0 ? bars : [...bars, others]} />;
}

/** Owners with what they serve and what is open for them. */
export function ByOwner({ overview: { byOwner } }: Props) {
  return (
    <Panel title="By owner" more={<a href="/findings">All findings</a>} flush>
      <Framed label="Findings by owner">
        <table>
          <caption class="sr">Findings by owner</caption>
          <thead>
            <tr>
              <th scope="col">Owner</th>
              <th scope="col" class="num">
                Served
              </th>
              <th scope="col" class="num">
                Open
              </th>
              <th scope="col">Worst</th>
            </tr>
          </thead>
          <tbody>
            {byOwner.slice(0, 10).map(({ key, served, open, worst }) => (
              <tr key={key}>
                <td>
                  {key === '' ? (
                    <span class="muted">unassigned</span>
                  ) : (
                    <a href={`/findings?owner=${encodeURIComponent(key)}`}>
                      <Hostile text={key} max={60} />
                    </a>
                  )}
                </td>
                <td class="num">{count(served)}</td>
                <td class="num">{count(open)}</td>
                <td>{worst === null ? <span class="muted">none</span> : <Severity level={worst} plain />}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Framed>
    </Panel>
  );
}
