import type { FindingGroup, Overview } from '../api/types.js';
import { count, plural } from '../lib/format.js';
import { GroupPlaces, Owners } from '../findings/cells.js';
import { Icon } from '../ui/icon.js';
import { Hostile, When } from '../ui/marks.js';
import { Panel } from '../ui/page.js';
import { Severity } from '../ui/severity.js';
import { Empty } from '../ui/states.js';

/** How many causes are shown. */
const shown = 6;

/** The worst causes with the time that is left. */
export function NeedsAction({ overview }: { readonly overview: Overview }) {
  const { causes, findings, figures } = overview;
  const open = Object.values(findings.open).reduce((sum, n) => sum + n, 0);
  const first = causes.slice(0, shown);
  return (
    <Panel
      title="Needs action now"
      aside={
        first.length === 0 ? undefined : `${first.length} of ${plural(findings.causes, 'cause')}, worst first`
      }
      more={<a href="/findings">All {plural(open, 'open finding')}</a>}
      flush
    >
      {first.length === 0 ? (
        <Empty mood="good" title="Nothing is open">
          {count(figures.certificatesServed)} served certificates and {plural(figures.endpoints, 'endpoint')}{' '}
          were judged.
        </Empty>
      ) : (
        <Causes of={first} />
      )}
    </Panel>
  );
}

/** Causes, each with its place, the time left, its owner and the way to the fix. */
export function Causes({ of }: { readonly of: readonly FindingGroup[] }) {
  return (
    <ol class="now">
      {of.map((group) => (
        <Cause key={group.key} group={group} />
      ))}
    </ol>
  );
}

function Cause({ group }: { readonly group: FindingGroup }) {
  const { finding } = group;
  const href = `/findings/${finding.id}`;
  return (
    <li>
      <Severity level={group.severity} />
      <div class="what">
        <a href={href}>
          <Hostile text={finding.title} max={200} />
        </a>
        <span class="sub">
          <GroupPlaces group={group} />
        </span>
      </div>
      <When at={group.dueAt} by="end" none="no deadline" />
      <span class="own">
        <Icon name="user" />
        <Owners of={group.owners} />
      </span>
      <a class="btn small go" href={href} aria-label={`The fix: ${finding.title}`}>
        The fix
      </a>
    </li>
  );
}
