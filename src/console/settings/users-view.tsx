import { useState } from 'preact/hooks';
import { call } from '../api/client.js';
import { cache, useApi } from '../api/use-api.js';
import type { NewUser, User } from '../api/types.js';
import { minute } from '../lib/format.js';
import { RoleButton } from '../session/me.js';
import { attempt } from '../ui/act.js';
import { Icon } from '../ui/icon.js';
import { Hostile, When } from '../ui/marks.js';
import { Head } from '../ui/page.js';
import { State } from '../ui/severity.js';
import { Empty } from '../ui/states.js';
import { DataTable, type Column } from '../ui/table.js';
import { commonColumns, EndButton, Roles } from './credentials.js';
import { NewCredentialDialog, SecretDialog, type Shown } from './new-credential.js';
import { SettingsTabs } from './settings-tabs.js';

function columnsWith(show: (shown: Shown) => void): readonly Column<User>[] {
  return [
    ...commonColumns<User>(),
    { key: 'password', head: 'Password', class: 'lo', cell: (user) => <Password user={user} /> },
    {
      key: 'created',
      head: 'Created',
      class: 'lo',
      cell: ({ createdAt, createdBy }) => (
        <>
          <When at={createdAt} dateOnly />
          <span class="sub">
            by <Hostile text={createdBy} />
          </span>
        </>
      ),
    },
    {
      key: 'do',
      head: <span class="sr">Actions</span>,
      class: 'fit',
      cell: ({ name }) => (
        <span class="acts">
          <NewLink name={name} show={show} />
          <EndButton
            text="Remove"
            name={name}
            question={`Remove the user ${name}? Sessions end at once.`}
            done="The user is removed"
            path="/api/v1/users"
            end={() => call('DELETE /api/v1/users/{name}', { name }, undefined)}
          />
        </span>
      ),
    },
  ];
}

/** People who sign in with a password: added, given a new setup link, removed. */
export function UsersView() {
  const [isOpen, setOpen] = useState(false);
  const [shown, setShown] = useState<Shown | null>(null);
  const loaded = useApi('GET /api/v1/users');
  return (
    <>
      <Head
        title="Users"
        lede="People who sign in with a password. Those of your identity provider need no entry here."
        crumbs={[['Settings', '/settings/policy'], ['Users']]}
      >
        <RoleButton role="admin" class="btn primary" onClick={() => setOpen(true)}>
          <Icon name="plus" />
          New user
        </RoleButton>
      </Head>
      <SettingsTabs />
      <DataTable
        label="Users"
        columns={columnsWith(setShown)}
        loaded={loaded}
        rows={loaded.data?.items}
        rowKey={({ name }) => name}
        empty={
          <Empty mood="none" title="No user yet">
            The first user, like the first token, closes the API to everyone without a credential: make it an
            admin.
          </Empty>
        }
      />
      <Roles />
      {isOpen ? (
        <NewCredentialDialog
          title="New user"
          submit="Create user"
          nameHint="The name to sign in with. It stands in the audit trail."
          ends={false}
          close={() => setOpen(false)}
          create={async ({ name, role, scope }) => {
            const body = { name, ...(role === undefined ? {} : { role }), scope: scope ?? null };
            const user = await call('POST /api/v1/users', {}, body);
            cache.invalidate('/api/v1/users');
            return linkOf(user);
          }}
        />
      ) : null}
      {shown === null ? null : <SecretDialog shown={shown} close={() => setShown(null)} />}
    </>
  );
}

function Password({ user: { hasPassword, setupExpiresAt } }: { readonly user: User }) {
  if (setupExpiresAt === null)
    return hasPassword ? <State tone="ok">chosen</State> : <State tone="warning">none</State>;
  return (
    <>
      <State tone="notice">{hasPassword ? 'chosen, new link open' : 'link open'}</State>
      <span class="sub">until {minute(new Date(setupExpiresAt))}</span>
    </>
  );
}

function NewLink(props: { readonly name: string; readonly show: (shown: Shown) => void }) {
  const { name } = props;
  const make = async (): Promise<void> => {
    await attempt(async () =>
      props.show(linkOf(await call('POST /api/v1/users/{name}/setup-link', { name }, undefined))),
    );
    cache.invalidate('/api/v1/users');
  };
  return (
    <RoleButton
      role="admin"
      class="btn small quiet"
      label={`New setup link for ${name}`}
      onClick={() => void make()}
    >
      New link
    </RoleButton>
  );
}

/** The secret stays behind the hash, so that no server and no log sees it. */
function linkOf({ name, setupSecret, setupExpiresAt }: NewUser): Shown {
  const until = setupExpiresAt === null ? '' : ` until ${minute(new Date(setupExpiresAt))}`;
  return {
    title: `Send this link to ${name}`,
    what: 'link',
    secret: `${location.origin}/setup#${setupSecret}`,
    note: `The person who opens it chooses the password. It works once${until}, and is shown once.`,
  };
}
