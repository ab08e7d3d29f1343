import type { Examination } from '../api/types.js';
import { Hostile } from '../ui/marks.js';
import { Panel } from '../ui/page.js';

/** Every extension, readable where it can be. */
export function ExtensionsPanel({
  examination: { extensions, unreadable },
}: {
  readonly examination: Examination;
}) {
  if (unreadable !== null)
    return (
      <Panel title="Extensions">
        <p class="sub">
          Not readable: <Hostile text={unreadable} max={300} />
        </p>
      </Panel>
    );
  return (
    <Panel title="Extensions" aside={String(extensions.length)} flush>
      {extensions.map(({ oid, critical, value, text }) => (
        <details key={oid} class="more">
          <summary>
            <Hostile text={nameOf(text, oid)} max={120} />{' '}
            {critical ? <span class="tag">critical</span> : null}
          </summary>
          <div class="body">
            <div class="code">
              <pre tabindex={0}>
                <Hostile text={oid} />
                {'\n'}
                {(text ?? value).split('\n').map((line, index) => (
                  <>
                    <Hostile key={index} text={line} max={400} />
                    {'\n'}
                  </>
                ))}
              </pre>
            </div>
          </div>
        </details>
      ))}
    </Panel>
  );
}

/** The first line of the readable text names the extension; without one the OID does. */
function nameOf(text: string | null, oid: string): string {
  const [first = ''] = (text ?? '').split('\n');
  return first.trim() === '' ? oid : first.trim().replace(/:.*$/, '');
}
