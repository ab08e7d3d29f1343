import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import { call } from '../api/client.js';
import type { Me } from '../api/types.js';
import { cache } from '../api/use-api.js';
import { navigate } from '../lib/browser.js';
import { Icon } from '../ui/icon.js';
import { Menu } from '../ui/menu.js';

const none: Me = {
  name: '',
  role: 'reader',
  scope: null,
  via: 'local',
  expiresAt: null,
  csrfToken: null,
  version: '',
  setupNeeded: false,
};

/** Who is signed in. */
export const MeContext = createContext<Me>(none);

/** Who is signed in, and why an action is not allowed to them: null when it is. */
export function useMe(): Me & { readonly refusal: (role: 'operator' | 'admin') => string | null } {
  const me = useContext(MeContext);
  const ranks = ['reader', 'operator', 'admin'];
  return {
    ...me,
    refusal: (role) =>
      ranks.indexOf(me.role) >= ranks.indexOf(role)
        ? null
        : `This needs the role ${role}; you have the role ${me.role}.`,
  };
}

const ways = {
  local: 'No sign-in is needed on this machine.',
  token: 'Signed in with a token.',
  password: 'Signed in with a password.',
  oidc: 'Signed in by your identity provider.',
} as const;

/** The account at the right end of the top bar. */
export function Account() {
  const me = useMe();
  const signOut = async (): Promise<void> => {
    await call('DELETE /api/v1/session', {}, undefined);
    cache.invalidate('/api/v1/');
    navigate('/sign-in');
  };
  return (
    <Menu
      class="btn quiet"
      label={`Account of ${me.name}`}
      button={
        <>
          <Icon name="user" />
          <span class="lo">{me.name}</span>
        </>
      }
    >
      <p>
        {me.name}
        <br />
        Role: {me.role}. {ways[me.via]}
      </p>
      <a href="/settings/policy">Settings</a>
      {me.via === 'local' ? null : (
        <button type="button" onClick={() => void signOut()}>
          Sign out
        </button>
      )}
    </Menu>
  );
}

/** A button for what needs a role. Without it the button stays in sight, disabled, with the reason. */
export function RoleButton(props: {
  readonly role: 'operator' | 'admin';
  readonly class?: string;
  readonly dataKey?: string;
  readonly disabled?: boolean;
  readonly label?: string;
  readonly onClick: () => void;
  readonly children: preact.ComponentChildren;
}) {
  const refusal = useMe().refusal(props.role);
  return (
    <button
      class={props.class ?? 'btn'}
      type="button"
      data-key={props.dataKey}
      aria-label={props.label}
      disabled={refusal !== null || props.disabled === true}
      title={refusal ?? undefined}
      onClick={props.onClick}
    >
      {props.children}
    </button>
  );
}
