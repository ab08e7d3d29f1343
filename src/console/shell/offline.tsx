import { useEffect, useState } from 'preact/hooks';
import { connectionLostAt, getPath, onConnection } from '../api/client.js';
import { cache } from '../api/use-api.js';
import { Callout } from '../ui/states.js';

const everySeconds = 10;

/** Says that nothing answers, since when, and when it is tried again. What was loaded before stays. */
export function Offline() {
  const [lostAt, setLostAt] = useState(connectionLostAt);
  const [secondsLeft, setSecondsLeft] = useState(everySeconds);
  useEffect(
    () =>
      onConnection(() => {
        setLostAt(connectionLostAt());
        setSecondsLeft(everySeconds);
        if (connectionLostAt() === null) cache.invalidate('/api/');
      }),
    [],
  );
  const isLost = lostAt !== null;
  useEffect(() => {
    if (!isLost) return undefined;
    const timer = setInterval(
      () => setSecondsLeft((seconds) => (seconds <= 1 ? everySeconds : seconds - 1)),
      1_000,
    );
    return () => clearInterval(timer);
  }, [isLost]);
  useEffect(() => {
    if (isLost && secondsLeft === everySeconds) void tryNow();
  }, [isLost, secondsLeft]);
  if (lostAt === null) return null;
  return (
    <Callout tone="warning">
      <strong>No connection to Certglass since {lostAt.toISOString().slice(11, 19)} UTC.</strong> You see what
      was loaded before. Trying again in {secondsLeft} s.
      <div class="acts">
        <button class="btn small" type="button" onClick={() => void tryNow()}>
          Try now
        </button>
      </div>
    </Callout>
  );
}

async function tryNow(): Promise<void> {
  // A failure is noted where every request is; this one only asks whether there is an answer again.
  await getPath('/health/live').catch(() => undefined);
}
