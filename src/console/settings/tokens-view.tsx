import { useState } from 'preact/hooks';
import { call } from '../api/client.js';
import { cache, useApi } from '../api/use-api.js';
import type { Token } from '../api/types.js';
import { RoleButton } from '../session/me.js';
import { attempt } from '../ui/act.js';
import { Icon } from '../ui/icon.js';
import { Hostile, When } from '../ui/marks.js';
import { Facts, Head, Panel } from '../ui/page.js';
import { State } from '../ui/severity.js';
import { Empty } from '../ui/states.js';
import { DataTable, type Column } from '../ui/table.js';
import { NewTokenDialog } from './new-token.js';
import { SettingsTabs } from './settings-tabs.js';

const columns: readonly Column<Token>[] = [
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
  { key: 'used', head: 'Used last', class: 'lo', cell: ({ lastUsedAt }) => <When at={lastUsedAt} /> },
  {
    key: 'expires',
    head: 'Expires',
    cell: ({ expiresAt, revokedAt }) =>
      revokedAt === null ? <When at={expiresAt} by="end" /> : <State tone="off">revoked</State>,
  },
  {
    key: 'by',
    head: 'Created by',
    class: 'lo',
    cell: ({ createdBy }) => (createdBy === null ? 'configuration' : <Hostile text={createdBy} />),
  },
  {
    key: 'do',
    head: <span class="sr">Action</span>,
    class: 'fit lo',
    cell: (token) => <Revoke token={token} />,
  },
];

/** Tokens of programs and people: listed, created, revoked. */
export function TokensView() {
  const [isOpen, setOpen] = useState(false);
  const loaded = useApi('GET /api/v1/tokens');
  return (
    <>
      <Head
        title="Tokens"
        lede="A token lets a program or a person use Certglass. Only its digest is kept."
        crumbs={[['Settings', '/settings/policy'], ['Tokens']]}
      >
        <RoleButton role="admin" class="btn primary" onClick={() => setOpen(true)}>
          <Icon name="plus" />
          New token
        </RoleButton>
      </Head>
      <SettingsTabs />
      <DataTable
        label="Tokens"
        columns={columns}
        loaded={loaded}
        rows={loaded.data?.items}
        rowKey={({ id, name }) => id ?? name}
        empty={
          <Empty mood="none" title="No token yet">
            Without a token the API answers on this machine only.
          </Empty>
        }
      />
      <Panel title="What a role allows">
        <Facts
          of={[
            ['Reader', 'See everything. Copy and download certificates.'],
            ['Operator', 'Also acknowledge, silence, scan, send again.'],
            ['Admin', 'Also tokens and users.'],
          ]}
        />
      </Panel>
      {isOpen ? <NewTokenDialog close={() => setOpen(false)} /> : null}
    </>
  );
}

function Revoke({ token: { id, name, revokedAt } }: { readonly token: Token }) {
  if (id === null || revokedAt !== null) return null;
  const revoke = async (): Promise<void> => {
    if (!confirm(`Revoke the token ${name}? Programs that use it are refused at once.`)) return;
    await attempt(() => call('DELETE /api/v1/tokens/{id}', { id }, undefined), 'The token is revoked');
    cache.invalidate('/api/v1/tokens');
  };
  return (
    <RoleButton
      role="admin"
      class="btn small quiet danger"
      label={`Revoke ${name}`}
      onClick={() => void revoke()}
    >
      Revoke
    </RoleButton>
  );
}
