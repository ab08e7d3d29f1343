import type { ComponentChildren } from 'preact';
import { Brand, Icon } from '../ui/icon.js';
import { ThemeMenu } from './theme.js';

/** The bar at the top: find anything, help, theme, account. */
export function Top(props: {
  readonly openPalette: () => void;
  readonly openHelp: () => void;
  readonly account: ComponentChildren;
}) {
  return (
    <header class="top">
      <button class="btn quiet icon menu-btn" type="button" popovertarget="nav" aria-label="Menu">
        <Icon name="menu" />
      </button>
      <a class="brand" href="/" aria-label="Certglass, overview">
        <Brand />
        <span>Certglass</span>
      </a>
      <button class="find" type="button" onClick={props.openPalette}>
        <Icon name="search" />
        <span>Find names, hashes, serial numbers, addresses</span>
        <kbd aria-hidden="true">Ctrl K</kbd>
      </button>
      <div class="end">
        <button
          class="btn quiet icon help-btn"
          type="button"
          aria-label="Keyboard shortcuts"
          onClick={props.openHelp}
        >
          <Icon name="help" />
        </button>
        <ThemeMenu />
        {props.account}
      </div>
    </header>
  );
}
