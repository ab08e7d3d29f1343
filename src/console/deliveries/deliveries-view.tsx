import { call } from '../api/client.js';
import { cache, useApi } from '../api/use-api.js';
import type { Delivery } from '../api/types.js';
import { plural, relative } from '../lib/format.js';
import { useNow } from '../lib/browser.js';
import { sent, writeState } from '../lib/url-state.js';
import { useViewState } from '../lib/view-state.js';
import { RoleButton } from '../session/me.js';
import { attempt } from '../ui/act.js';
import { TextChip } from '../ui/filters.js';
import { Icon } from '../ui/icon.js';
import { ListTable } from '../ui/list-table.js';
import { Hostile, When } from '../ui/marks.js';
import { Head, Tabs } from '../ui/page.js';
import { State } from '../ui/severity.js';
import type { Column } from '../ui/table.js';
import { toast } from '../ui/toast.js';
import { ChannelsPanel } from './channels-panel.js';

const defaults = { state: '', channel: '', cursor: '' };

const columns: readonly Column<Delivery>[] = [
  { key: 'items', head: 'Alert', cell: (delivery) => <Alerted delivery={delivery} /> },
  { key: 'channel', head: 'Channel', class: 'lo', cell: ({ channel }) => <Hostile text={channel} /> },
  { key: 'made', head: 'Created', class: 'lo', cell: ({ createdAt }) => <When at={createdAt} /> },
  { key: 'attempts', head: 'Attempts', class: 'num lo', cell: ({ attempts }) => attempts },
  { key: 'state', head: 'State', cell: (delivery) => <DeliveryState delivery={delivery} /> },
  {
    key: 'do',
    head: <span class="sr">Action</span>,
    class: 'fit lo',
    cell: (delivery) => <Again delivery={delivery} />,
  },
];

/** Every alert sent, and every one that failed. */
export function DeliveriesView() {
  const [state, change] = useViewState(defaults);
  const loaded = useApi('GET /api/v1/deliveries', {}, { ...sent(state), limit: 50 });
  const tabs = [
    ['', 'All'],
    ['failed', 'Failed'],
    ['pending', 'Waiting'],
    ['held', 'Held'],
    ['sent', 'Sent'],
  ] as const;
  return (
    <>
      <Head title="Deliveries" lede="Every alert sent, and every one that failed.">
        <FailedAgain channel={state.channel} />
      </Head>
      <ChannelsPanel />
      <Tabs
        label="State"
        tabs={tabs.map(([value, text]) => ({
          text,
          href: `/deliveries${writeState({ ...state, cursor: '', state: value }, defaults)}`,
          current: state.state === value,
        }))}
      />
      <div class="filters">
        <TextChip
          name="Channel"
          placeholder="email"
          value={state.channel}
          change={(channel) => change({ channel })}
        />
      </div>
      <ListTable
        label="Deliveries, latest first"
        things={['delivery', 'deliveries']}
        columns={columns}
        loaded={loaded}
        rowKey={({ id }) => id}
        state={state}
        defaults={defaults}
        change={change}
        emptyTitle="No alert was sent yet"
        emptyText="Alerts go out once a finding opens and a channel is configured under alerts.channels."
      />
    </>
  );
}

function Alerted({ delivery }: { readonly delivery: Delivery }) {
  const [first] = delivery.items;
  return (
    <>
      {first === undefined || first.revision === 0 ? (
        <span class="rowtitle">{about(delivery)}</span>
      ) : (
        <a class="rowtitle" href={`/findings/${first.findingId}`}>
          {about(delivery)}
        </a>
      )}
      <span class="sub">
        <span class="ph">
          <Hostile text={delivery.channel} />
          {'. '}
        </span>
        {delivery.lastDetail === null ? null : <Hostile text={delivery.lastDetail} max={200} />}
      </span>
    </>
  );
}

/** Items of revision 0 are events of the inventory; a test and a summary have none. */
function about({ items }: Delivery): string {
  if (items.length === 0) return 'A message of its own';
  return plural(items.length, items[0]?.revision === 0 ? 'inventory event' : 'finding');
}

function DeliveryState({ delivery }: { readonly delivery: Delivery }) {
  const now = useNow();
  if (delivery.state === 'sent') return <State tone="ok">Sent</State>;
  if (delivery.state === 'failed') return <State tone="error">Failed</State>;
  if (delivery.state === 'skipped') return <State tone="off">Not wanted</State>;
  if (delivery.state === 'held') return <State tone="off">Held</State>;
  return (
    <>
      <State tone="notice">Waiting</State>
      {delivery.nextAttemptAt === null ? null : (
        <span class="sub">next attempt {relative(new Date(delivery.nextAttemptAt), now)}</span>
      )}
    </>
  );
}

/** Sends everything again that failed, to one channel or to all. */
function FailedAgain({ channel }: { readonly channel: string }) {
  const send = async (): Promise<void> => {
    await attempt(async () => {
      const body = { filter: { state: 'failed' as const, ...(channel === '' ? {} : { channel }) } };
      const { sent: queued } = await call('POST /api/v1/deliveries/send-again', {}, body);
      toast(
        'ok',
        queued === 0 ? 'Nothing failed' : `${plural(queued, 'delivery', 'deliveries')} queued again`,
      );
    });
    cache.invalidate('/api/v1/deliveries');
    cache.invalidate('/api/v1/channels');
  };
  return (
    <RoleButton role="operator" onClick={() => void send()}>
      <Icon name="again" />
      Send what failed again
    </RoleButton>
  );
}

function Again({ delivery }: { readonly delivery: Delivery }) {
  if (delivery.state === 'pending') return null;
  const send = async (): Promise<void> => {
    await attempt(
      () => call('POST /api/v1/deliveries/{id}/send-again', { id: delivery.id }, undefined),
      'Queued again',
    );
    cache.invalidate('/api/v1/deliveries');
  };
  return (
    <RoleButton
      role="operator"
      class="btn small quiet"
      label={`Send again: ${about(delivery)} to ${delivery.channel}`}
      onClick={() => void send()}
    >
      <Icon name="again" />
      Send again
    </RoleButton>
  );
}
