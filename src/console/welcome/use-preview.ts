import { useEffect, useState } from 'preact/hooks';
import { ApiError, call } from '../api/client.js';
import type { SetupPreview, SetupRequest } from '../api/types.js';
import { useRested } from '../lib/browser.js';

/** What the answers would watch. */
export type Preview = SetupPreview;

/** Asks, once typing rests, what the answers would watch; null before the first answer, and while nothing is named. */
export function usePreview(answers: SetupRequest): Preview | null {
  const [preview, setPreview] = useState<Preview | null>(null);
  const asked = useRested(JSON.stringify(answers), 250);
  useEffect(() => {
    const body = JSON.parse(asked) as SetupRequest;
    if (body.domains?.length === 0 && body.targets?.length === 0) {
      setPreview(null);
      return undefined;
    }
    let isCurrent = true;
    call('POST /api/v1/setup/preview', {}, body).then(
      (answer) => isCurrent && setPreview(answer),
      (error: unknown) => {
        // What the API cannot read yet is still being typed; saving says what is wrong.
        if (!(error instanceof ApiError)) throw error;
        if (isCurrent) setPreview(null);
      },
    );
    return () => {
      isCurrent = false;
    };
  }, [asked]);
  return preview;
}
