import { useLocation } from '../lib/browser.js';
import { Tabs } from '../ui/page.js';

const tabs = [
  ['Policy', '/settings/policy'],
  ['Users', '/settings/users'],
  ['Tokens', '/settings/tokens'],
  ['Effective configuration', '/settings/config'],
  ['Audit trail', '/settings/audit'],
] as const;

/** The parts of the settings. */
export function SettingsTabs() {
  const { path } = useLocation();
  return (
    <Tabs
      label="Settings"
      tabs={tabs.map(([text, href]) => ({ text, href, current: path === href || `${path}/policy` === href }))}
    />
  );
}
