import type { Token } from '../api/types.js';
import { cache } from '../api/use-api.js';
import { RoleButton } from '../session/me.js';
import { attempt } from '../ui/act.js';
import { Hostile } from '../ui/marks.js';
import { Facts, Panel } from '../ui/page.js';
import type { Column } from '../ui/table.js';

/** What tokens and users have in common: who it is and what that allows. */
export function commonColumns<Row extends Pick<Token, 'name' | 'role' | 'scope'>>(): readonly Column<Row>[] {
  return [
    {
      key: 'name',
      head: 'Name',
      cell: ({ name }) => (
        <strong class="mono">
          <Hostile text={name} />
        </strong>
      ),
    },
    { key: 'role', head: 'Role', cell: ({ role }) => <span class="tag">{role}</span> },
    {
      key: 'scope',
      head: 'Only for',
      class: 'lo',
      cell: ({ scope }) =>
        scope === null ? 'everything' : <Hostile text={[...scope.domains, ...scope.tags].join(', ')} />,
    },
  ];
}

/** What each role allows. */
export function Roles() {
  return (
    <Panel title="What a role allows">
      <Facts
        of={[
          ['Reader', 'See everything. Copy and download certificates.'],
          ['Operator', 'Also acknowledge, silence, comment, scan, send again.'],
          ['Admin', 'Also tokens, users, the configuration and the audit trail.'],
        ]}
      />
    </Panel>
  );
}

/** Ends a credential, after a question. */
export function EndButton(props: {
  readonly text: string;
  readonly name: string;
  readonly question: string;
  readonly done: string;
  /** What is read again afterwards. */
  readonly path: string;
  readonly end: () => Promise<unknown>;
}) {
  const end = async (): Promise<void> => {
    if (!confirm(props.question)) return;
    await attempt(props.end, props.done);
    cache.invalidate(props.path);
  };
  return (
    <RoleButton
      role="admin"
      class="btn small quiet danger"
      label={`${props.text} ${props.name}`}
      onClick={() => void end()}
    >
      {props.text}
    </RoleButton>
  );
}
