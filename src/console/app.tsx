import { useEffect, useState } from 'preact/hooks';
import { sendCsrfToken } from './api/client.js';
import { useApi } from './api/use-api.js';
import { navigate, stored, useLocation } from './lib/browser.js';
import { listenForKeys } from './lib/keyboard.js';
import { Account, MeContext } from './session/me.js';
import { SendToSignIn, SignIn } from './session/sign-in.js';
import { Setup } from './session/setup.js';
import { KeysDialog } from './shell/keys.js';
import { SideBar } from './shell/side-bar.js';
import { Offline } from './shell/offline.js';
import { Palette } from './shell/palette.js';
import { Top } from './shell/top.js';
import { copyText } from './ui/marks.js';
import { Failure } from './ui/states.js';
import { Toasts } from './ui/toast.js';
import { View } from './views.js';
import { WelcomeView } from './welcome/welcome-view.js';

/** The whole console: sign-in, first run, or the shell with a view in it. */
export function App() {
  const { path } = useLocation();
  if (path === '/sign-in') return <SignIn />;
  if (path === '/setup') return <Setup />;
  return <SignedIn path={path} />;
}

function SignedIn({ path }: { readonly path: string }) {
  const me = useApi('GET /api/v1/me');
  if (me.error?.status === 401) return <SendToSignIn />;
  if (me.data === undefined && me.error !== null) return <Failure error={me.error} retry={me.reload} />;
  if (me.data === undefined) return null;
  sendCsrfToken(me.data.csrfToken);
  if (path === '/' && me.data.setupNeeded && stored('welcome', '') === '')
    navigate('/welcome', { replace: true });
  return (
    <MeContext.Provider value={me.data}>
      {path === '/welcome' ? <WelcomeView /> : <Shell path={path} version={me.data.version} />}
    </MeContext.Provider>
  );
}

function Shell({ path, version }: { readonly path: string; readonly version: string }) {
  const [open, setOpen] = useState<'palette' | 'help' | null>(null);
  useEffect(
    () =>
      listenForKeys({
        palette: () => setOpen('palette'),
        help: () => setOpen('help'),
        copyLink: () => void copyText(location.href, 'Link'),
      }),
    [],
  );
  const close = (): void => setOpen(null);
  return (
    <>
      <a class="skip" href="#main">
        Skip to content
      </a>
      <div class="app">
        <SideBar path={path} version={version} />
        <div>
          <Top
            openPalette={() => setOpen('palette')}
            openHelp={() => setOpen('help')}
            account={<Account />}
          />
          <main id="main" tabindex={-1}>
            <Offline />
            <View path={path} />
          </main>
        </div>
      </div>
      {open === 'help' ? <KeysDialog close={close} /> : null}
      {open === 'palette' ? <Palette close={close} /> : null}
      <Toasts />
    </>
  );
}
