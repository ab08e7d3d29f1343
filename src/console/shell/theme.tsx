import { useState } from 'preact/hooks';
import { store, stored } from '../lib/browser.js';
import { Icon } from '../ui/icon.js';
import { Menu } from '../ui/menu.js';

const themes = [
  ['system', 'System'],
  ['light', 'Light'],
  ['dark', 'Dark'],
] as const;

/** Chooses between the system's theme, light and dark; kept in this browser. `public/theme.js` applies it before the first paint. */
export function ThemeMenu() {
  const [theme, setTheme] = useState(() => stored('theme', 'system'));
  const choose = (chosen: string): void => {
    setTheme(chosen);
    store('theme', chosen);
    if (chosen === 'system') delete document.documentElement.dataset['theme'];
    else document.documentElement.dataset['theme'] = chosen;
  };
  return (
    <Menu class="btn quiet icon" label="Theme" button={<Icon name="theme" />}>
      {themes.map(([value, text]) => (
        <button
          key={value}
          type="button"
          role="menuitemradio"
          aria-checked={theme === value}
          onClick={() => choose(value)}
        >
          {text}
        </button>
      ))}
    </Menu>
  );
}
