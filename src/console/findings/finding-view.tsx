import { useState } from 'preact/hooks';
import { useApi } from '../api/use-api.js';
import type { Operations } from '../api/types.js';
import { minute } from '../lib/format.js';
import { NotFound } from '../not-found.js';
import { RoleButton } from '../session/me.js';
import { Icon } from '../ui/icon.js';
import { Hostile, Hash, Instant, When } from '../ui/marks.js';
import { Facts, Head, Panel } from '../ui/page.js';
import { Severity, State, type Tone } from '../ui/severity.js';
import { Failure, Loading } from '../ui/states.js';
import { ActionDialog, type Action } from './action-dialog.js';
import { actOn } from './act-on.js';
import { PlaceLink } from './cells.js';
import { Evidence } from './evidence.js';
import { Fix } from './fix.js';
import { Alerts } from './alerts.js';
import { Comment } from './comment.js';
import { Related } from './related.js';
import { Timeline } from './timeline.js';
import { placeOf, stateWords } from './words.js';

type Detail = Operations['GET /api/v1/findings/{id}']['answer'];

/** One finding: what was compared, the fix, and everything that happened to it. */
export function FindingView({ names }: { readonly names: Readonly<Record<string, string>> }) {
  const id = names['id'] ?? '';
  const loaded = useApi('GET /api/v1/findings/{id}', { id });
  if (loaded.error?.status === 404 || loaded.error?.status === 400)
    return <NotFound what="No finding has this id." />;
  if (loaded.data === undefined && loaded.error !== null)
    return <Failure error={loaded.error} retry={loaded.reload} />;
  if (loaded.data === undefined) return <Loading what="finding" lines={8} />;
  return <FindingPage finding={loaded.data} />;
}

function FindingPage({ finding }: { readonly finding: Detail }) {
  const place = placeOf(finding);
  return (
    <>
      <Head
        title={finding.title}
        crumbs={[['Findings', '/findings'], [finding.rule, `/findings?rule=${finding.rule}`], [place.text]]}
        marks={
          <>
            <Severity level={finding.severity} />
            <State tone={stateTone(finding)}>{stateWords[finding.state]}</State>
          </>
        }
        lede={
          <>
            <PlaceLink finding={finding} />
            {finding.until === null ? null : (
              <>
                . Until <Instant at={finding.until} />
              </>
            )}
            {finding.note === null ? null : (
              <>
                . “<Hostile text={finding.note} />
                ”, {finding.changedBy}
              </>
            )}
          </>
        }
      >
        <Actions finding={finding} />
      </Head>
      <div class="withside">
        <div class="stack">
          <Evidence finding={finding} />
          <Fix rule={finding.rule} />
          <Related finding={finding} />
        </div>
        <div class="stack">
          <About finding={finding} />
          <Alerts id={finding.id} />
          <Panel title="Timeline">
            <div class="stack">
              <Comment id={finding.id} />
              <Timeline history={finding.history} />
            </div>
          </Panel>
        </div>
      </div>
    </>
  );
}

function stateTone({ state, severity }: Pick<Detail, 'state' | 'severity'>): Tone {
  if (state === 'resolved') return 'ok';
  return state === 'open' ? severity : 'off';
}

function Actions({ finding }: { readonly finding: Detail }) {
  const [action, setAction] = useState<Action | null>(null);
  const isOpen = finding.state !== 'resolved';
  return (
    <>
      {finding.subject.kind === 'issuance' ? (
        <a class="btn" href={`/issuances/${finding.subject.key}`}>
          Who serves what
        </a>
      ) : null}
      {finding.state === 'open' ? (
        <RoleButton role="operator" class="btn primary" dataKey="a" onClick={() => setAction('acknowledge')}>
          Acknowledge <kbd>a</kbd>
        </RoleButton>
      ) : null}
      {isOpen && finding.state !== 'silenced' ? (
        <RoleButton role="operator" dataKey="s" onClick={() => setAction('silence')}>
          <Icon name="mute" />
          Silence <kbd>s</kbd>
        </RoleButton>
      ) : null}
      {isOpen && finding.state !== 'open' ? (
        <RoleButton role="operator" onClick={() => void actOn([finding.id], 'reopen', {})}>
          Reopen
        </RoleButton>
      ) : null}
      {action === null ? null : (
        <ActionDialog
          action={action}
          count={1}
          about={placeOf(finding).text}
          ids={async () => [finding.id]}
          close={() => setAction(null)}
          done={() => setAction(null)}
        />
      )}
    </>
  );
}

/** Who works on it, with the way to change that. */
function Assigned({ finding: { id, assignee, title } }: { readonly finding: Detail }) {
  const [isOpen, setOpen] = useState(false);
  const close = (): void => setOpen(false);
  return (
    <span class="iconed">
      {assignee === null ? <span class="muted">no one yet</span> : <Hostile text={assignee} />}
      <RoleButton
        role="operator"
        class="btn small quiet"
        label={assignee === null ? 'Assign this finding' : 'Change who works on this finding'}
        onClick={() => setOpen(true)}
      >
        {assignee === null ? 'Assign' : 'Change'}
      </RoleButton>
      {isOpen ? (
        <ActionDialog
          action="assign"
          count={1}
          about={title}
          assignee={assignee}
          ids={async () => [id]}
          close={close}
          done={close}
        />
      ) : null}
    </span>
  );
}

function About({ finding }: { readonly finding: Detail }) {
  const { rule, owner, environment, ticket, firstSeenAt, lastSeenAt, certificateSha256, dueAt } = finding;
  const text = (value: string | null) => (value === null ? null : <Hostile text={value} />);
  return (
    <Panel title="About">
      <Facts
        of={[
          ['Rule', <code>{rule}</code>],
          ['Due', dueAt === null ? null : <When at={dueAt} by="end" />],
          ['Owner', text(owner) ?? <span class="muted">unassigned</span>],
          ['Environment', text(environment)],
          ['Tags', finding.tags.length === 0 ? null : text(finding.tags.join(', '))],
          ['Works on it', <Assigned finding={finding} />],
          ['Ticket', text(ticket)],
          [
            'Certificate',
            certificateSha256 === null ? null : (
              <Hash hex={certificateSha256} href={`/certificates/${certificateSha256}`} />
            ),
          ],
          ['First seen', <Instant at={firstSeenAt} />],
          ['Seen last', <Instant at={lastSeenAt} />],
          ['Resolved', finding.resolvedAt === null ? null : minute(new Date(finding.resolvedAt))],
          ['Finding', <Hash hex={finding.id} what="id of the finding" />],
        ]}
      />
    </Panel>
  );
}
