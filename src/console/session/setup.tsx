import { useState } from 'preact/hooks';
import { ApiError, call } from '../api/client.js';
import { cache } from '../api/use-api.js';
import { navigate } from '../lib/browser.js';
import { TextField } from '../ui/field.js';
import { useTitle } from '../ui/page.js';
import { sentence } from '../ui/states.js';
import { PlainPage } from './plain-page.js';

/** Where a setup link leads: `/setup#SECRET`. The secret stays behind the hash, so that no server and no log sees it. */
export function Setup() {
  useTitle('Choose a password');
  const [password, setPassword] = useState('');
  const [error, setError] = useState<string | null>(null);
  const submit = async (): Promise<void> => {
    try {
      await call('POST /api/v1/session/setup', {}, { secret: location.hash.slice(1), password });
      cache.invalidate('/api/v1/');
      navigate('/', { replace: true });
    } catch (failure) {
      setError(failure instanceof ApiError ? sentence(failure.message) : 'Certglass does not answer.');
    }
  };
  return (
    <PlainPage>
      <main class="sign" id="main">
        <div class="head">
          <div>
            <h1>Choose a password</h1>
            <p class="lede">Certglass at {location.host}</p>
          </div>
        </div>
        <form
          class="panel"
          onSubmit={(event) => {
            event.preventDefault();
            void submit();
          }}
        >
          <div class="body pt stack">
            <TextField
              label="Password"
              type="password"
              autofocus
              required
              minLength={12}
              autocomplete="new-password"
              value={password}
              change={setPassword}
              hint="12 characters or more. This link works once."
              error={error}
            />
            <button class="btn primary" type="submit">
              Save and sign in
            </button>
          </div>
        </form>
      </main>
    </PlainPage>
  );
}
