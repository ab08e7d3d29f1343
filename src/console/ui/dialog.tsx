import type { ComponentChildren } from 'preact';
import { useEffect, useId, useRef } from 'preact/hooks';
import { Icon } from './icon.js';

/** A modal dialog, open as long as it is rendered. The browser keeps the focus inside and gives it back; Esc closes. */
export function Dialog(props: {
  readonly title: ComponentChildren;
  readonly hint?: ComponentChildren;
  readonly close: () => void;
  readonly submit?: () => void;
  readonly footer?: ComponentChildren;
  readonly children: ComponentChildren;
}) {
  const dialog = useRef<HTMLDialogElement>(null);
  const isGone = useRef(false);
  const id = useId();
  useEffect(() => {
    const element = dialog.current;
    element?.showModal();
    return () => {
      // The event comes after what follows this dialog is shown: it must not close that.
      isGone.current = true;
      element?.close();
    };
  }, []);
  return (
    <dialog ref={dialog} aria-labelledby={id} onClose={() => (isGone.current ? undefined : props.close())}>
      <form
        method="dialog"
        onSubmit={(event) => {
          event.preventDefault();
          props.submit?.();
        }}
      >
        <header>
          <div>
            <h2 id={id}>{props.title}</h2>
            {props.hint === undefined ? null : <p class="hint">{props.hint}</p>}
          </div>
          <button class="btn quiet icon" type="button" aria-label="Close" onClick={props.close}>
            <Icon name="close" />
          </button>
        </header>
        <div class="body">{props.children}</div>
        {props.footer === undefined ? null : <footer>{props.footer}</footer>}
      </form>
    </dialog>
  );
}
