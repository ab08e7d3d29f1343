import type { ComponentChildren } from 'preact';
import type { ReportDescription } from '../api/types.js';
import { useApi } from '../api/use-api.js';
import { useNow } from '../lib/browser.js';
import { day } from '../lib/format.js';
import { useViewState } from '../lib/view-state.js';
import { useMe } from '../session/me.js';
import { TextField } from '../ui/field.js';
import { Segments, TextChip } from '../ui/filters.js';
import { Icon } from '../ui/icon.js';
import { Head, Panel } from '../ui/page.js';
import { Empty, Failure, Loading } from '../ui/states.js';
import { periodOf, periods, reportQuery, type PeriodName } from './period.js';

const defaults = {
  period: 'days',
  from: '',
  to: '',
  domain: '',
  owner: '',
  environment: '',
  tag: '',
  cursor: '',
};

/** Reports and evidence for a period: to read, to keep, to hand over. */
export function ReportsView() {
  const [state, change] = useViewState(defaults);
  const now = useNow();
  const period = periodOf(state.period as PeriodName, state, now);
  const { domain, owner, environment, tag } = state;
  const query = period === null ? null : reportQuery(period, { domain, owner, environment, tag });
  return (
    <>
      <Head
        title="Reports"
        lede={
          period === null
            ? 'Enter the first and the last day.'
            : `${day(period.from)} to ${day(new Date(period.to.getTime() - 1))}, in UTC.`
        }
      />
      <div class="filters">
        <Segments
          label="Period"
          value={state.period as PeriodName}
          choices={periods}
          change={(chosen) => change({ period: chosen })}
        />
        <TextChip
          name="Domain"
          placeholder="example.com"
          value={domain}
          change={(text) => change({ domain: text })}
        />
        <TextChip
          name="Owner"
          placeholder="platform"
          value={owner}
          change={(text) => change({ owner: text })}
        />
        <TextChip
          name="Environment"
          placeholder="production"
          value={environment}
          change={(text) => change({ environment: text })}
        />
        <TextChip name="Tag" placeholder="pci" value={tag} change={(text) => change({ tag: text })} />
      </div>
      {state.period === 'dates' ? (
        <div class="grid g3">
          <TextField label="First day" type="date" value={state.from} change={(from) => change({ from })} />
          <TextField label="Last day" type="date" value={state.to} change={(to) => change({ to })} />
        </div>
      ) : null}
      <Reports query={query} />
      <Evidence query={query} />
    </>
  );
}

function Reports({ query }: { readonly query: string | null }) {
  const loaded = useApi('GET /api/v1/reports');
  return (
    <Panel title="Reports" note="HTML opens in a new window and prints; CSV holds the first table." flush>
      <List
        loaded={loaded}
        links={(id) =>
          (['html', 'csv', 'json'] as const).map((format) => (
            <FileLink
              key={format}
              href={query === null ? null : `/api/v1/reports/${id}?${query}&format=${format}`}
              name={format === 'html' ? `Open ${id}` : `${format.toUpperCase()} of ${id}`}
              file={format === 'html' ? null : `${id}.${format}`}
            >
              {format === 'html' ? 'Open' : format.toUpperCase()}
            </FileLink>
          ))
        }
      />
    </Panel>
  );
}

function Evidence({ query }: { readonly query: string | null }) {
  const loaded = useApi('GET /api/v1/evidence');
  const refusal = useMe().refusal('admin');
  return (
    <Panel
      title="Evidence for auditors"
      note={
        <>
          A signed archive of everything that answers a framework; <code>certglass evidence verify</code>{' '}
          checks it. {refusal}
        </>
      }
      flush
    >
      <List
        loaded={loaded}
        links={(id) => (
          <FileLink
            href={query === null || refusal !== null ? null : `/api/v1/evidence/${id}?${query}`}
            name={`ZIP of evidence for ${id}`}
            file={`${id}.zip`}
          >
            <Icon name="download" />
            ZIP
          </FileLink>
        )}
      />
    </Panel>
  );
}

/** A link to a file, or to a page of its own (`file` null). Without an address it stays in sight and leads nowhere. */
function FileLink(props: {
  readonly href: string | null;
  readonly name: string;
  readonly file: string | null;
  readonly children: ComponentChildren;
}) {
  const { href, name, file, children } = props;
  if (href === null)
    return (
      <button class="btn small" type="button" aria-label={name} disabled>
        {children}
      </button>
    );
  const how = file === null ? { target: '_blank', rel: 'noopener' } : { download: file };
  return (
    <a class="btn small" href={href} aria-label={name} {...how}>
      {children}
    </a>
  );
}

function List(props: {
  readonly loaded: ReturnType<typeof useApi<'GET /api/v1/reports'>>;
  readonly links: (id: string) => ComponentChildren;
}) {
  const { data, error, reload } = props.loaded;
  if (data === undefined)
    return error === null ? <Loading what="reports" /> : <Failure error={error} retry={reload} />;
  if (data.items.length === 0) return <Empty mood="none" title="None" />;
  return (
    <ul class="rows">
      {data.items.map((report) => (
        <Row key={report.id} report={report} links={props.links(report.id)} />
      ))}
    </ul>
  );
}

function Row(props: { readonly report: ReportDescription; readonly links: ComponentChildren }) {
  const { title, description } = props.report;
  return (
    <li>
      <div>
        <strong>{title}</strong>
        <span class="sub">{description}</span>
      </div>
      <div class="acts">{props.links}</div>
    </li>
  );
}
