import type { Examination } from '../api/types.js';
import { plural } from '../lib/format.js';
import { valueText, wordsOfKey } from '../findings/words.js';
import { Hostile } from '../ui/marks.js';
import { Panel } from '../ui/page.js';
import { Severity, State } from '../ui/severity.js';
import { DataTable, type Column } from '../ui/table.js';

type Verdict = Examination['verdicts'][number];

const answers = {
  found: 'Found',
  pass: 'Passed',
  'not-applicable': 'Does not apply',
  'not-in-force': 'Not in force then',
  off: 'Switched off',
} as const;

const columns: readonly Column<Verdict>[] = [
  {
    key: 'rule',
    head: 'Rule',
    cell: ({ rule, title }) => (
      <>
        {title}
        <span class="sub mono">{rule}</span>
      </>
    ),
  },
  {
    key: 'answer',
    head: 'Verdict',
    cell: ({ answer, severity }) =>
      answer === 'found' && severity !== null ? (
        <Severity level={severity} />
      ) : (
        <State tone={answer === 'pass' ? 'ok' : 'off'}>{answers[answer]}</State>
      ),
  },
  {
    key: 'why',
    head: 'Why',
    class: 'lo wide',
    cell: ({ details }) => <Hostile text={whyText(details)} max={300} />,
  },
];

function whyText(details: Verdict['details']): string {
  return Object.entries(details)
    .slice(0, 4)
    .map(([key, value]) => `${wordsOfKey(key)}: ${valueText(value)}`)
    .join('; ');
}

/** Every certificate rule with its answer: what was found first, what passed or does not apply folded away. */
export function VerdictsPanel({ examination: { verdicts } }: { readonly examination: Examination }) {
  const found = verdicts.filter(({ answer }) => answer === 'found');
  const passed = verdicts.filter(({ answer }) => answer === 'pass').length;
  const others = verdicts.filter(({ answer }) => answer !== 'found');
  return (
    <Panel
      id="verdicts"
      title="Verdicts"
      aside={`${plural(verdicts.length, 'rule')}, ${passed} passed`}
      flush
    >
      {found.length === 0 ? null : <VerdictTable label="Rules that found something" verdicts={found} />}
      <details class="more">
        <summary>{plural(others.length, 'rule')} passed, not applicable or not in force</summary>
        <VerdictTable label="Rules that found nothing" verdicts={others} />
      </details>
    </Panel>
  );
}

function VerdictTable({
  label,
  verdicts,
}: {
  readonly label: string;
  readonly verdicts: readonly Verdict[];
}) {
  return (
    <DataTable
      label={label}
      columns={columns}
      loaded={{ error: null, loading: false, reload: () => undefined }}
      rows={verdicts}
      rowKey={({ rule }) => rule}
      empty={null}
    />
  );
}
