import type { Examination } from '../api/types.js';
import { Hostile, When } from '../ui/marks.js';
import { Panel } from '../ui/page.js';
import { State, type Tone } from '../ui/severity.js';
import { DataTable, type Column } from '../ui/table.js';

type Transparency = NonNullable<Examination['transparency']>;
type Sct = Transparency['scts'][number];
type Policy = Transparency['policies'][number];

const none = { error: null, loading: false, reload: () => undefined };

const sctColumns: readonly Column<Sct>[] = [
  {
    key: 'log',
    head: 'Log',
    cell: ({ log, logId, operator }) => (
      <>
        <Hostile text={log ?? logId} max={80} />
        {operator === null ? null : (
          <span class="sub">
            <Hostile text={operator} />
          </span>
        )}
      </>
    ),
  },
  { key: 'time', head: 'Time', cell: ({ timestamp }) => <When at={timestamp} none="unknown" /> },
  {
    key: 'verdict',
    head: 'SCT',
    cell: ({ verdict }) => (
      <State tone={verdict === 'valid' ? 'ok' : 'warning'}>{verdict.replaceAll('-', ' ')}</State>
    ),
  },
];

const policyColumns: readonly Column<Policy>[] = [
  { key: 'policy', head: 'Policy', cell: ({ policy }) => <Hostile text={policy} /> },
  {
    key: 'met',
    head: 'Met',
    cell: ({ compliant }) => <State tone={policyTone(compliant)}>{policyWord(compliant)}</State>,
  },
  {
    key: 'counted',
    head: 'SCTs counted',
    class: 'num',
    cell: ({ countedScts, requiredScts }) => `${countedScts} of ${requiredScts} needed`,
  },
  {
    key: 'why',
    head: 'Why',
    class: 'lo wide',
    cell: ({ reasons }) => <Hostile text={reasons.join('; ')} max={300} />,
  },
];

function policyTone(compliant: boolean | null): Tone {
  return compliant === null ? 'off' : compliant ? 'ok' : 'warning';
}

function policyWord(compliant: boolean | null): string {
  return compliant === null ? 'Not known' : compliant ? 'Met' : 'Not met';
}

/** SCTs of the certificate with their verdicts, and what the programmes ask for. */
export function TransparencyPanel({ transparency }: { readonly transparency: Transparency | null }) {
  if (transparency === null || (transparency.scts.length === 0 && transparency.policies.length === 0))
    return null;
  return (
    <Panel title="Certificate Transparency" flush>
      <DataTable
        label="SCTs"
        columns={sctColumns}
        loaded={none}
        rows={transparency.scts}
        rowKey={({ logId, timestamp }) => `${logId} ${timestamp ?? ''}`}
        empty={
          <div class="body pt">
            <p class="sub">No SCTs inside.</p>
          </div>
        }
      />
      {transparency.policies.length === 0 ? null : (
        <DataTable
          label="CT policies"
          columns={policyColumns}
          loaded={none}
          rows={transparency.policies}
          rowKey={({ policy }) => policy}
          empty={null}
        />
      )}
    </Panel>
  );
}
