import { useState } from 'preact/hooks';
import { ApiError, call } from '../api/client.js';
import { cache } from '../api/use-api.js';
import { wordsOf } from '../lib/words.js';
import { Dialog } from '../ui/dialog.js';
import { TextField } from '../ui/field.js';
import { Segments } from '../ui/filters.js';
import { sentence } from '../ui/states.js';
import { toast } from '../ui/toast.js';

const depths = [
  ['configured', 'As configured'],
  ['fast', 'Fast'],
  ['full', 'Full'],
  ['survey', 'Survey'],
] as const;
type Depth = (typeof depths)[number][0];

/** Asks what to scan and starts it. Targets outside of the scope are refused by the service. */
export function NewScan({ close }: { readonly close: () => void }) {
  const [text, setText] = useState('');
  const [ports, setPorts] = useState('');
  const [depth, setDepth] = useState<Depth>('configured');
  const [error, setError] = useState<string | null>(null);
  const targets = wordsOf(text);
  const submit = async (): Promise<void> => {
    const failure = await start(targets, wordsOf(ports).map(Number), depth);
    setError(failure);
    if (failure === null) close();
  };
  return (
    <Dialog
      title="New scan"
      hint="The configured scope applies: nothing outside of it is ever contacted."
      close={close}
      submit={() => void submit()}
      footer={
        <>
          <button class="btn" type="button" onClick={close}>
            Cancel
          </button>
          <button class="btn primary" type="submit" disabled={targets.length === 0}>
            Start scan
          </button>
        </>
      }
    >
      <TextField
        label="Targets"
        rows
        code
        autofocus
        required
        value={text}
        change={setText}
        placeholder={'www.example.com\n192.0.2.0/28\nmail.example.com:993'}
        hint="Hosts, host:port, addresses, networks or ranges. One a line."
        error={error}
      />
      <TextField
        label="Ports"
        code
        value={ports}
        change={setPorts}
        placeholder="443, 8443"
        hint="For targets that name none. Empty: the usual ones."
      />
      <div class="field">
        <span class="label">Depth</span>
        <Segments label="Depth" value={depth} choices={depths} change={setDepth} />
      </div>
    </Dialog>
  );
}

/** Answers a sentence when the scan was not started. */
async function start(
  targets: readonly string[],
  ports: readonly number[],
  depth: Depth,
): Promise<string | null> {
  try {
    await call(
      'POST /api/v1/scans',
      {},
      { targets, ports: ports.length === 0 ? null : ports, depth: depth === 'configured' ? null : depth },
    );
  } catch (failure) {
    return failure instanceof ApiError ? sentence(failure.message) : 'Certglass does not answer.';
  }
  cache.invalidate('/api/v1/scans');
  toast('ok', 'The scan has started');
  return null;
}
