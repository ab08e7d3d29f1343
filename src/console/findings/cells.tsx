import type { Finding, FindingGroup } from '../api/types.js';
import { duration, plural } from '../lib/format.js';
import { useNow } from '../lib/browser.js';
import { Host, Hostile } from '../ui/marks.js';
import { Severity } from '../ui/severity.js';
import { placeOf } from './words.js';

/** What a finding is about, as a link. */
export function PlaceLink({
  finding,
}: {
  readonly finding: Pick<Finding, 'subject' | 'host' | 'certificateSha256'>;
}) {
  const { host, port, text, href } = placeOf(finding);
  if (host !== null)
    return <Host host={host} {...(port === null ? {} : { port })} {...(href === null ? {} : { href })} />;
  return href === null ? (
    <Hostile text={text} />
  ) : (
    <a href={href}>
      <Hostile text={text} />
    </a>
  );
}

/** Title, place and rule of one finding. */
export function FindingCell({ finding }: { readonly finding: Finding }) {
  return (
    <>
      <div class="ph">
        <Severity level={finding.severity} />
      </div>
      <a class="rowtitle" href={`/findings/${finding.id}`}>
        <Hostile text={finding.title} max={200} />
      </a>
      <span class="sub">
        <PlaceLink finding={finding} /> · <span class="mono">{finding.rule}</span>
      </span>
    </>
  );
}

/** Where a group of findings is: its one place, its one host, or how many hosts. */
export function GroupPlaces({ group }: { readonly group: FindingGroup }) {
  const [first] = group.hosts;
  if (group.count === 1) return <PlaceLink finding={group.finding} />;
  if (group.hostCount === 1 && first !== undefined)
    return (
      <>
        <Host host={first} />, {plural(group.count, 'finding')}
      </>
    );
  return <>{group.hostCount === 0 ? plural(group.count, 'finding') : plural(group.hostCount, 'host')}</>;
}

/** Since when something is open, as a length of time. */
export function Age({ since }: { readonly since: string }) {
  const now = useNow();
  return <>{duration(now.getTime() - Date.parse(since))}</>;
}

/** Owners in a few words. */
export function Owners({ of }: { readonly of: readonly string[] }) {
  if (of.length === 0) return <span class="muted">unassigned</span>;
  return (
    <Hostile text={of.length <= 2 ? of.join(', ') : `${of[0] ?? ''} and ${of.length - 1} more`} max={80} />
  );
}
