import { useState } from 'preact/hooks';
import { call, ApiError } from '../api/client.js';
import { cache, useApi } from '../api/use-api.js';
import { navigate, useLocation } from '../lib/browser.js';
import { TextField } from '../ui/field.js';
import { Copy } from '../ui/marks.js';
import { PlainPage } from './plain-page.js';
import { useTitle } from '../ui/page.js';
import { sentence } from '../ui/states.js';

/** Signs in with a token or a password; then goes where the reader wanted to. */
export function SignIn() {
  useTitle('Sign in');
  const { data: ways } = useApi('GET /api/v1/session');
  const [error, setError] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const submit = async (body: { token: string } | { user: string; password: string }): Promise<void> => {
    setBusy(true);
    try {
      await call('POST /api/v1/session', {}, body);
      cache.invalidate('/api/v1/');
      navigate(wantedPath(), { replace: true });
    } catch (failure) {
      setError(failure instanceof ApiError ? sentence(failure.message) : 'Certglass does not answer.');
    } finally {
      setBusy(false);
    }
  };
  return (
    <PlainPage>
      <main class="sign" id="main">
        <div class="head">
          <div>
            <h1>Sign in</h1>
            <p class="lede">Certglass at {location.host}</p>
          </div>
        </div>
        <div class="panel">
          <div class="body pt stack">
            <TokenForm error={error} busy={busy} submit={(token) => void submit({ token })} />
            {ways?.ways.includes('oidc') === true ? (
              <>
                <div class="or">
                  <span>or</span>
                </div>
                <a class="btn" href={`/api/v1/session/oidc?next=${encodeURIComponent(wantedPath())}`}>
                  {ways.oidcName ?? 'Sign in with your identity provider'}
                </a>
              </>
            ) : null}
            {ways?.ways.includes('password') === true ? (
              <>
                <div class="or">
                  <span>or with a password</span>
                </div>
                <PasswordForm busy={busy} submit={(user, password) => void submit({ user, password })} />
              </>
            ) : null}
          </div>
        </div>
        <NoToken />
      </main>
    </PlainPage>
  );
}

/** The path that asked for the sign-in; never another site. */
function wantedPath(): string {
  const next = new URLSearchParams(location.search).get('next') ?? '/';
  return next.startsWith('/') && !next.startsWith('//') && !next.startsWith('/\\') ? next : '/';
}

/** Sends the reader to sign in, and back to this view afterwards. */
export function SendToSignIn() {
  const { path, search, hash } = useLocation();
  navigate(`/sign-in?next=${encodeURIComponent(path + search + hash)}`, { replace: true });
  return null;
}

function TokenForm(props: {
  readonly error: string | null;
  readonly busy: boolean;
  readonly submit: (token: string) => void;
}) {
  const [token, setToken] = useState('');
  return (
    <form
      class="stack"
      onSubmit={(event) => {
        event.preventDefault();
        props.submit(token.trim());
      }}
    >
      <TextField
        label="Token"
        type="password"
        code
        autofocus
        required
        autocomplete="current-password"
        value={token}
        change={setToken}
        error={props.error}
      />
      <button class="btn primary" type="submit" disabled={props.busy}>
        Sign in with token
      </button>
    </form>
  );
}

function PasswordForm(props: {
  readonly busy: boolean;
  readonly submit: (user: string, password: string) => void;
}) {
  const [user, setUser] = useState('');
  const [password, setPassword] = useState('');
  return (
    <form
      class="stack"
      onSubmit={(event) => {
        event.preventDefault();
        props.submit(user.trim(), password);
      }}
    >
      <TextField label="User" required autocomplete="username" value={user} change={setUser} />
      <TextField
        label="Password"
        type="password"
        required
        autocomplete="current-password"
        value={password}
        change={setPassword}
      />
      <button class="btn" type="submit" disabled={props.busy}>
        Sign in with password
      </button>
    </form>
  );
}

function NoToken() {
  const command = 'certglass token create --name you --role operator';
  return (
    <details class="plain">
      <summary>I have no token</summary>
      <p class="hint">An operator with a shell on the server creates one:</p>
      <div class="code">
        <pre tabindex={0}>{command}</pre>
        <Copy text={command} what="command" />
      </div>
    </details>
  );
}
