import type { ComponentChildren } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { call } from '../api/client.js';
import { useApi } from '../api/use-api.js';
import { count, plural } from '../lib/format.js';
import { RoleButton } from '../session/me.js';
import { attempt } from '../ui/act.js';
import { Icon } from '../ui/icon.js';
import { State } from '../ui/severity.js';
import { OutcomeBar } from '../ui/stacked-bar.js';

/** A button that probes these targets again, and how far that is once it was pressed. */
export function useRescan(
  targets: readonly string[],
  done: () => void,
): { readonly button: ComponentChildren; readonly progress: ComponentChildren } {
  const [scanId, setScanId] = useState<string | null>(null);
  const start = (): void =>
    void attempt(async () => {
      const body = { targets, ports: null, depth: 'survey' as const };
      const started = await call('POST /api/v1/scans', {}, body);
      if ('id' in started) setScanId(started.id);
    });
  return {
    button: (
      <RoleButton
        role="operator"
        class="btn primary"
        dataKey="r"
        disabled={targets.length === 0}
        onClick={start}
      >
        <Icon name="again" />
        Scan {targets.length === 1 ? '' : `${count(targets.length)} `}now <kbd>r</kbd>
      </RoleButton>
    ),
    progress: scanId === null ? null : <Progress key={scanId} scanId={scanId} done={done} />,
  };
}

function Progress({ scanId, done }: { readonly scanId: string; readonly done: () => void }) {
  const { data, reload } = useApi('GET /api/v1/scans', {}, { limit: 50 });
  const scan = data?.items.find(({ id }) => id === scanId);
  const isOver = scan !== undefined && scan.finishedAt !== null;
  useEffect(() => {
    if (isOver) {
      done();
      return undefined;
    }
    const timer = setInterval(reload, 700);
    return () => clearInterval(timer);
  }, [isOver]);
  const total = scan?.progress?.total ?? null;
  return (
    <section class="panel" aria-live="polite" aria-label="Scan">
      <div class="body pt stack tight">
        {isOver ? (
          <State tone="ok">Finished: {plural(scan.targets, 'endpoint')} probed</State>
        ) : (
          <>
            <State tone="run">Scanning</State>
            <progress
              max={total ?? undefined}
              value={total === null ? undefined : scan?.progress?.done}
              aria-label="Endpoints probed"
            />
          </>
        )}
        {scan === undefined ? null : <OutcomeBar outcomes={scan.outcomes} />}
      </div>
    </section>
  );
}
