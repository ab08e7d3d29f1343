import { useState } from 'preact/hooks';
import { call } from '../api/client.js';
import { cache, useApi } from '../api/use-api.js';
import type { Token } from '../api/types.js';
import { RoleButton } from '../session/me.js';
import { Icon } from '../ui/icon.js';
import { Hostile, When } from '../ui/marks.js';
import { Head } from '../ui/page.js';
import { State } from '../ui/severity.js';
import { Empty } from '../ui/states.js';
import { DataTable, type Column } from '../ui/table.js';
import { commonColumns, EndButton, Roles } from './credentials.js';
import { NewCredentialDialog } from './new-credential.js';
import { SettingsTabs } from './settings-tabs.js';

const columns: readonly Column<Token>[] = [
  ...commonColumns<Token>(),
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
    class: 'fit',
    cell: ({ id, name, revokedAt }) =>
      id === null || revokedAt !== null ? null : (
        <EndButton
          text="Revoke"
          name={name}
          question={`Revoke the token ${name}? Programs that use it are refused at once.`}
          done="The token is revoked"
          path="/api/v1/tokens"
          end={() => call('DELETE /api/v1/tokens/{id}', { id }, undefined)}
        />
      ),
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
      <Roles />
      {isOpen ? (
        <NewCredentialDialog
          title="New token"
          submit="Create token"
          nameHint="Who or what uses it. It stands in the audit trail."
          ends
          close={() => setOpen(false)}
          create={async (wish) => {
            const { secret } = await call('POST /api/v1/tokens', {}, wish);
            cache.invalidate('/api/v1/tokens');
            const note = 'It is shown once. Only its digest is kept.';
            return { title: 'Copy the token now', what: 'token', secret, note };
          }}
        />
      ) : null}
    </>
  );
}
