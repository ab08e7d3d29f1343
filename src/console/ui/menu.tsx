import type { ComponentChildren } from 'preact';
import { useId, useRef } from 'preact/hooks';

/** A button that opens a small window under itself. The browser closes it on Esc and on a click elsewhere. */
export function Menu(props: {
  readonly class: string;
  readonly label?: string;
  readonly button: ComponentChildren;
  readonly children: ComponentChildren;
}) {
  const id = useId();
  const button = useRef<HTMLButtonElement>(null);
  const menu = useRef<HTMLDivElement>(null);
  const place = (): void => {
    const box = button.current?.getBoundingClientRect();
    if (box === undefined || menu.current === null) return;
    menu.current.style.top = `${box.bottom}px`;
    menu.current.style.left = `${Math.max(8, Math.min(box.left, innerWidth - menu.current.offsetWidth - 8))}px`;
  };
  return (
    <>
      <button class={props.class} type="button" ref={button} popovertarget={id} aria-label={props.label}>
        {props.button}
      </button>
      <div
        class="menu"
        id={id}
        popover="auto"
        ref={menu}
        onToggle={place}
        onClick={(event) => {
          if (event.target instanceof Element && event.target.closest('a, button:not(.stay)') !== null)
            menu.current?.hidePopover();
        }}
      >
        {props.children}
      </div>
    </>
  );
}
