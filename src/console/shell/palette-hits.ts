import { useApi } from '../api/use-api.js';
import type { SearchHit } from '../api/types.js';
import type { IconName } from '../ui/icon.js';
import { places } from './places.js';

/** Something the palette found. */
export interface Hit {
  readonly icon: IconName;
  readonly text: string;
  readonly href: string;
  readonly aside?: string;
  /** Shown as code: names, hashes, addresses. */
  readonly isCode?: boolean;
}

/** Hits of one kind. */
export interface HitGroup {
  readonly heading: string;
  readonly hits: readonly Hit[];
}

const kinds = [
  ['name', 'Names'],
  ['certificate', 'Certificates'],
  ['endpoint', 'Endpoints'],
  ['finding', 'Findings'],
] as const;

/** What fits the text: places and actions at once, the rest as soon as the API has answered. */
export function usePaletteGroups(rested: string, typed: string): readonly HitGroup[] {
  const route = rested.length >= 2 ? 'GET /api/v1/search' : null;
  const { data } = useApi(route, {}, route === null ? {} : { q: rested });
  const found = kinds.map(([kind, heading]) => ({
    heading,
    hits: (data?.items ?? []).filter((hit) => hit.kind === kind).map(hitOf),
  }));
  const groups: readonly HitGroup[] = [
    ...found,
    { heading: 'Search', hits: searchHits(typed) },
    { heading: 'Go to', hits: placeHits(typed) },
  ];
  return groups.filter(({ hits }) => hits.length > 0);
}

function hitOf({ kind, key, title, subtitle }: SearchHit): Hit {
  const part = encodeURIComponent(kind === 'name' ? key.replace(/^\*\./, '') : key);
  return {
    icon: kind,
    text: title,
    href: `/${kind}s/${part}`,
    isCode: kind !== 'finding',
    ...(subtitle === '' ? {} : { aside: subtitle }),
  };
}

function searchHits(typed: string): readonly Hit[] {
  if (typed.length < 2) return [];
  const text = encodeURIComponent(typed);
  return [
    { icon: 'certificate', text: `Certificates for “${typed}”`, href: `/certificates?q=${text}` },
    { icon: 'finding', text: `Findings for “${typed}”`, href: `/findings?q=${text}` },
    { icon: 'endpoint', text: `Endpoints for “${typed}”`, href: `/endpoints?hostContains=${text}` },
  ];
}

function placeHits(typed: string): readonly Hit[] {
  return places
    .filter(({ text }) => text.toLowerCase().includes(typed.toLowerCase()))
    .map(({ text, href, icon, key }) => ({ icon, text, href, aside: `g ${key}` }));
}
