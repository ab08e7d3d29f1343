import { useState } from 'preact/hooks';
import { call } from '../api/client.js';
import { cache, useApi } from '../api/use-api.js';
import type { Channel } from '../api/types.js';
import { count } from '../lib/format.js';
import { RoleButton } from '../session/me.js';
import { attempt } from '../ui/act.js';
import { Icon } from '../ui/icon.js';
import { Hostile, When } from '../ui/marks.js';
import { Panel } from '../ui/page.js';
import { State, type Tone } from '../ui/severity.js';
import { Empty } from '../ui/states.js';
import { DataTable, type Column } from '../ui/table.js';
import { toast } from '../ui/toast.js';

const states: Readonly<Record<Channel['state'], readonly [Tone, string]>> = {
  ok: ['ok', 'Works'],
  retrying: ['warning', 'Retrying'],
  failing: ['error', 'Failing'],
  unused: ['off', 'Never used'],
};

const columns: readonly Column<Channel>[] = [
  {
    key: 'channel',
    head: 'Channel',
    cell: ({ name, kind, state, lastDetail }) => (
      <>
        <a class="rowtitle" href={`/deliveries?channel=${encodeURIComponent(name)}`}>
          <Hostile text={name} />
        </a>
        <span class="sub">
          {kind ?? 'no longer configured'}
          {lastDetail === null || state === 'ok' ? null : (
            <>
              {': '}
              <Hostile text={lastDetail} max={160} />
            </>
          )}
        </span>
      </>
    ),
  },
  {
    key: 'state',
    head: 'State',
    cell: ({ state }) => <State tone={states[state][0]}>{states[state][1]}</State>,
  },
  { key: 'sent', head: 'Sent last', class: 'lo', cell: ({ lastSentAt }) => <When at={lastSentAt} /> },
  { key: 'pending', head: 'Waiting', class: 'num lo', cell: ({ pending }) => count(pending) },
  { key: 'failed', head: 'Failed', class: 'num lo', cell: ({ failed }) => count(failed) },
  {
    key: 'do',
    head: <span class="sr">Action</span>,
    class: 'fit',
    cell: (channel) => (channel.kind === null ? null : <Test name={channel.name} />),
  },
];

/** How every channel is doing, and a way to try it. */
export function ChannelsPanel() {
  const loaded = useApi('GET /api/v1/channels', {}, { limit: 1_000 });
  return (
    <Panel title="Channels" flush>
      <DataTable
        label="Channels"
        columns={columns}
        loaded={loaded}
        rows={loaded.data?.items}
        rowKey={({ name }) => name}
        empty={
          <Empty mood="none" title="No channel is configured">
            No one is alerted. Add one under alerts.channels in the configuration.
          </Empty>
        }
      />
    </Panel>
  );
}

function Test({ name }: { readonly name: string }) {
  const [busy, setBusy] = useState(false);
  const test = async (): Promise<void> => {
    setBusy(true);
    await attempt(async () => {
      const { ok, detail, seconds } = await call('POST /api/v1/channels/{name}/test', { name }, undefined);
      const took = `${seconds.toFixed(1)} s`;
      if (ok) toast('ok', `${name} accepted the sample after ${took}: ${detail}`);
      else toast('error', `${name} did not accept the sample: ${detail}`);
    });
    setBusy(false);
    cache.invalidate('/api/v1/channels');
  };
  return (
    <RoleButton
      role="operator"
      class="btn small"
      label={busy ? `Sending to ${name}` : `Test ${name}: send a sample`}
      disabled={busy}
      onClick={() => void test()}
    >
      <Icon name="delivery" />
      {busy ? 'Sending' : 'Test'}
    </RoleButton>
  );
}
