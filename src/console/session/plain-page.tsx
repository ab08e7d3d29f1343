import type { ComponentChildren } from 'preact';
import { ThemeMenu } from '../shell/theme.js';
import { Brand } from '../ui/icon.js';

/** A page outside of the shell: sign-in and the first run. */
export function PlainPage(props: {
  readonly end?: ComponentChildren;
  readonly footer?: ComponentChildren;
  readonly children: ComponentChildren;
}) {
  return (
    <div class="plainpage">
      <header>
        <a class="brand" href="/">
          <Brand />
          <span>Certglass</span>
        </a>
        <div class="end acts">
          {props.end}
          <ThemeMenu />
        </div>
      </header>
      {props.children}
      <footer>{props.footer}</footer>
    </div>
  );
}
