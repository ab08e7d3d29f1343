import { useState } from 'preact/hooks';
import { call } from '../api/client.js';
import type { Setup } from '../api/types.js';
import { useApi } from '../api/use-api.js';
import { navigate, store, useLocation } from '../lib/browser.js';
import { count, duration, plural } from '../lib/format.js';
import { PlainPage } from '../session/plain-page.js';
import { attempt } from '../ui/act.js';
import { TextField } from '../ui/field.js';
import { LegMark } from '../ui/marks.js';
import { useTitle } from '../ui/page.js';
import { Callout, Empty, Failure, Loading } from '../ui/states.js';
import { Toasts } from '../ui/toast.js';
import { answersOf, blank, refusalsOf, type Form } from './answers.js';
import { FirstScan } from './first-scan.js';
import { Stepper } from './stepper.js';
import { usePreview, type Preview } from './use-preview.js';

/** The first run: what is yours, then the first scan. Its step is in the address, so that a reload stays there. */
export function WelcomeView() {
  const isScanning = new URLSearchParams(useLocation().search).has('since');
  return (
    <PlainPage
      footer={
        isScanning
          ? 'You can close this page. The work goes on.'
          : 'Nothing leaves this machine except the scans you ask for and the reading of public logs.'
      }
      end={
        <a class="btn quiet" href="/" onClick={() => store('welcome', 'left')}>
          Skip to the console
        </a>
      }
    >
      <main class="first" id="main">
        {isScanning ? <FirstScan /> : <WhatIsYours />}
      </main>
      <Toasts />
    </PlainPage>
  );
}

function WhatIsYours() {
  useTitle('Welcome');
  const { data, error, reload } = useApi('GET /api/v1/setup');
  return (
    <>
      <Stepper step={1} />
      <div class="head">
        <div>
          <h1>Which certificates answer in your name?</h1>
          <p class="lede">
            Enter your domains and networks. Certglass reads what CAs issued for them, probes what your
            machines serve, and shows where the two differ.
          </p>
        </div>
      </div>
      {data === undefined ? (
        error === null ? (
          <Loading what="setup" lines={8} />
        ) : (
          <Failure error={error} retry={reload} />
        )
      ) : data.needed ? (
        <SetupForm setup={data} />
      ) : (
        <Empty
          mood="good"
          title="Certglass is already set up"
          acts={
            <a class="btn primary" href="/">
              Open the overview
            </a>
          }
        >
          The command line or the configuration file already names what to watch. Change it there, then
          restart Certglass.
        </Empty>
      )}
    </>
  );
}

function SetupForm({ setup }: { readonly setup: Setup }) {
  const [form, setForm] = useState<Form>(blank);
  const [busy, setBusy] = useState(false);
  const set = (part: Partial<Form>): void => setForm({ ...form, ...part });
  const answers = answersOf(form);
  const preview = usePreview(answers);
  const refusals = preview === null ? null : refusalsOf(preview);
  const isFull = form.domains.trim() !== '' || form.targets.trim() !== '';
  const submit = async (): Promise<void> => {
    setBusy(true);
    const saved = await attempt(() => call('POST /api/v1/setup', {}, answers));
    setBusy(false);
    if (saved) navigate(`/welcome?since=${encodeURIComponent(new Date().toISOString())}`);
  };
  return (
    <form
      class="stack"
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      <WhatFields form={form} set={set} preview={preview} refusals={refusals} />
      <HowFields form={form} set={set} />
      {setup.refusal === null ? null : (
        <Callout tone="warning">
          {setup.refusal}.{preview === null ? null : <pre class="code">{preview.configuration}</pre>}
        </Callout>
      )}
      <div class="acts">
        <button
          class="btn primary"
          type="submit"
          disabled={busy || !isFull || setup.refusal !== null || refusals?.any === true}
        >
          Start scanning
        </button>
        <span class="hint" aria-live="polite">
          {preview === null || !isFull
            ? `Saved in ${setup.file ?? 'the configuration file'}.`
            : `${plural(preview.endpoints, 'endpoint')}, about ${duration(Math.max(1, preview.seconds) * 1_000)} at the configured rate. Saved in ${setup.file ?? 'the configuration file'}.`}
        </span>
      </div>
    </form>
  );
}

interface Fields {
  readonly form: Form;
  readonly set: (part: Partial<Form>) => void;
}

function WhatFields({
  form,
  set,
  preview,
  refusals,
}: Fields & { readonly preview: Preview | null; readonly refusals: ReturnType<typeof refusalsOf> | null }) {
  const domains = preview?.domains.length ?? 0;
  const targets = form.targets.trim() === '' ? 0 : (preview?.targets.length ?? 0);
  return (
    <div class="grid g2">
      <div class="panel">
        <div class="body pt stack">
          <TextField
            label="Domains"
            mark={<LegMark leg="logged" />}
            rows
            code
            tall
            autofocus
            placeholder={'example.com\nexample.net'}
            value={form.domains}
            change={(text) => set({ domains: text })}
            hint={`One a line, names below included.${domains === 0 ? '' : ` ${plural(domains, 'domain')}.`}`}
            error={refusals?.domains ?? null}
          />
        </div>
      </div>
      <div class="panel">
        <div class="body pt stack">
          <TextField
            label="Networks and hosts"
            mark={<LegMark leg="served" />}
            rows
            code
            tall
            placeholder={'192.0.2.0/24\nmail.example.net:25'}
            value={form.targets}
            change={(text) => set({ targets: text })}
            hint={
              targets === 0
                ? 'Addresses, ranges or hosts. If empty, your domains and the names found below them are probed.'
                : `Addresses, ranges or hosts. ${count(preview?.endpoints ?? 0)} address and port pairs.`
            }
            error={refusals?.targets ?? null}
          />
        </div>
      </div>
    </div>
  );
}

function HowFields({ form, set }: Fields) {
  return (
    <div class="panel">
      <div class="body pt stack">
        <div class="grid g3">
          <TextField
            label="Ports"
            code
            value={form.ports}
            change={(ports) => set({ ports })}
            hint="For hosts and networks that name none."
          />
          <TextField
            label="Mail address for alerts"
            type="email"
            placeholder="ops@example.com"
            value={form.mailTo}
            change={(mailTo) => set({ mailTo })}
            hint="Optional. Chat and other channels can follow in the configuration."
          />
          <TextField
            label="Mail server"
            code
            value={form.mailHost}
            change={(mailHost) => set({ mailHost })}
            hint="Takes the mail on port 25."
          />
        </div>
        <label class="choice">
          <input
            type="checkbox"
            required
            checked={form.allowed}
            onChange={(event) => set({ allowed: event.currentTarget.checked })}
          />
          <span>
            I may scan these networks and hosts
            <small>Certglass connects to them and to addresses of names under your domains.</small>
          </span>
        </label>
      </div>
    </div>
  );
}
