import { closeSync, openSync } from 'node:fs';
import { isatty } from 'node:tty';

/** What the signals of a running service ask for. */
export interface StartSignals {
  /** Resolves with the signal that asks for the end: SIGTERM, SIGINT, or SIGHUP of a terminal that is gone. */
  readonly stopping: Promise<string>;
  /** From now on SIGHUP does this; before it is ignored, for there is nothing to read again yet. */
  onReload(reload: () => void): void;
}

/** The terminal that a process was started from. */
export interface StartTerminal {
  isGone(): boolean;
  /** Lets go of a terminal that is gone. */
  leave(): void;
}

/**
 * Watches the signals. SIGHUP has two meanings: an operator asks for the configuration to be read again, or the terminal of a foreground
 * run was closed.
 */
export function watchSignals(
  source: Pick<NodeJS.EventEmitter, 'on'> = process,
  terminal: StartTerminal = startTerminal(),
): StartSignals {
  let reload = (): void => undefined;
  const stopping = new Promise<string>((resolve) => {
    source.on('SIGTERM', () => resolve('SIGTERM'));
    source.on('SIGINT', () => resolve('SIGINT'));
    source.on('SIGHUP', () => {
      if (!terminal.isGone()) return reload();
      terminal.leave();
      resolve('SIGHUP');
    });
  });
  return { stopping, onReload: (next) => void (reload = next) };
}

/** Never gone where the process was started without one. */
function startTerminal(): StartTerminal {
  const descriptors = [0, 1, 2].filter((fd) => isatty(fd));
  const isForeground = descriptors.includes(0) && canOpenTerminal();
  return {
    isGone: () => isForeground && !canOpenTerminal(),
    leave() {
      // At its end Node.js gives a terminal its settings back, and aborts when there is none any more.
      for (const fd of descriptors) {
        closeSync(fd);
        openSync('/dev/null', 'r+'); // takes the lowest number that is free: the one just closed
      }
    },
  };
}

function canOpenTerminal(): boolean {
  try {
    closeSync(openSync('/dev/tty', 'r'));
    return true;
  } catch {
    return false;
  }
}
