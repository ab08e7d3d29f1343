import { useState } from 'preact/hooks';
import type { CertificateDetail } from '../api/types.js';
import { attempt } from '../ui/act.js';
import { Copy } from '../ui/marks.js';
import { Panel } from '../ui/page.js';
import { pemOf } from './actions.js';

/** The PEM, fetched once it is asked for. */
export function RawPanel({ certificate: { sha256 } }: { readonly certificate: CertificateDetail }) {
  const [pem, setPem] = useState<string | null>(null);
  return (
    <Panel id="raw" title="Raw" flush>
      <details
        class="more"
        onToggle={(event) => {
          if (event.currentTarget.open && pem === null) void attempt(async () => setPem(await pemOf(sha256)));
        }}
      >
        <summary>Show PEM</summary>
        <div class="body">
          <div class="code">
            <pre tabindex={0}>{pem ?? 'Loading'}</pre>
            {pem === null ? null : <Copy text={pem} what="PEM" />}
          </div>
        </div>
      </details>
    </Panel>
  );
}
