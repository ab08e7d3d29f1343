import type { Finding } from '../api/types.js';
import { Hostile, Instant } from '../ui/marks.js';
import { Facts, Panel } from '../ui/page.js';
import { Framed } from '../ui/table.js';
import { valueText, wordsOfKey } from './words.js';

/** What was compared, from where and when; a value that is not the expected one is marked. */
export function Evidence({
  finding: { evidence, details },
}: {
  readonly finding: Pick<Finding, 'evidence' | 'details'>;
}) {
  const entries = Object.entries(details);
  return (
    <Panel title="What was compared" flush>
      {evidence.length === 0 ? null : <EvidenceTable evidence={evidence} />}
      {entries.length === 0 ? null : (
        <div class={evidence.length === 0 ? 'body' : 'body pt'}>
          <Facts
            of={entries.map(([key, value]) => [
              wordsOfKey(key),
              <span class="mono">
                <Hostile text={valueText(value)} max={1_000} />
              </span>,
            ])}
          />
        </div>
      )}
    </Panel>
  );
}

function EvidenceTable({ evidence }: { readonly evidence: Finding['evidence'] }) {
  return (
    <Framed label="Evidence">
      <table>
        <caption class="sr">Evidence</caption>
        <thead>
          <tr>
            <th scope="col">What</th>
            <th scope="col">Found</th>
            <th scope="col">Expected</th>
            <th scope="col" class="lo">
              From
            </th>
          </tr>
        </thead>
        <tbody>
          {evidence.map(({ label, value, expected, source, at }) => (
            <tr key={label}>
              <td>{label}</td>
              <td>
                <span class={expected !== null && expected !== value ? 'diff' : ''}>
                  <Hostile text={value} max={400} />
                </span>
              </td>
              <td>{expected === null ? null : <Hostile text={expected} max={400} />}</td>
              <td class="lo">
                <Hostile text={source} max={120} />
                {at === null ? null : (
                  <span class="sub">
                    <Instant at={at} />
                  </span>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Framed>
  );
}
