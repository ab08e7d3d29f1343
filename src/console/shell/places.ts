import type { IconName } from '../ui/icon.js';

/** An entry of the navigation. `key` follows `g` on the keyboard. */
export interface Place {
  readonly text: string;
  readonly href: string;
  readonly icon: IconName;
  readonly key: string;
}

/** The navigation: groups with their headings, the first without. */
export const groups: readonly (readonly [string | null, readonly Place[]])[] = [
  [
    null,
    [
      { text: 'Overview', href: '/', icon: 'overview', key: 'o' },
      { text: 'Findings', href: '/findings', icon: 'finding', key: 'f' },
    ],
  ],
  [
    'Assets',
    [
      { text: 'Certificates', href: '/certificates', icon: 'certificate', key: 'c' },
      { text: 'Endpoints', href: '/endpoints', icon: 'endpoint', key: 'e' },
      { text: 'Names', href: '/names', icon: 'name', key: 'n' },
    ],
  ],
  [
    'Sources',
    [
      { text: 'CT logs', href: '/ct', icon: 'log', key: 'l' },
      { text: 'Scans', href: '/scans', icon: 'scan', key: 's' },
      { text: 'Inventory', href: '/inventory', icon: 'inventory', key: 'i' },
    ],
  ],
  [
    'Alerting',
    [
      { text: 'Deliveries', href: '/deliveries', icon: 'delivery', key: 'd' },
      { text: 'Reports', href: '/reports', icon: 'report', key: 'r' },
      { text: 'Settings', href: '/settings/policy', icon: 'settings', key: 't' },
    ],
  ],
];

/** Every entry. */
export const places: readonly Place[] = groups.flatMap(([, entries]) => entries);

/** True when `path` lies in the part of the console that a place opens. */
export function isWithin(place: Place, path: string): boolean {
  const [, top = ''] = place.href.split('/');
  if (top === '') return path === '/';
  const within = top === 'findings' && path.startsWith('/issuances/');
  return within || path === `/${top}` || path.startsWith(`/${top}/`);
}
