import { useApi } from '../api/use-api.js';
import { onlyFindings } from '../findings/words.js';
import { plural, shortHash } from '../lib/format.js';
import { hostPort } from '../lib/host-parts.js';
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

/** What fits the text: places and actions at once, the rest as soon as the API has answered. */
export function usePaletteGroups(rested: string, typed: string): readonly HitGroup[] {
  const query = rested.length >= 3 ? { hostContains: rested, limit: 5 } : null;
  const names = useApi(query === null ? null : 'GET /api/v1/names', {}, query ?? {});
  const endpoints = useApi(query === null ? null : 'GET /api/v1/endpoints', {}, query ?? {});
  const findings = useApi(query === null ? null : 'GET /api/v1/findings', {}, { ...query, state: 'open' });
  const groups: readonly HitGroup[] = [
    { heading: 'Certificate', hits: hashHits(typed) },
    {
      heading: 'Names',
      hits: (names.data?.items ?? []).map(({ name, certificates }) => ({
        icon: 'name' as const,
        text: name,
        isCode: true,
        href: `/names/${encodeURIComponent(name.replace(/^\*\./, ''))}`,
        aside: plural(certificates, 'certificate'),
      })),
    },
    {
      heading: 'Endpoints',
      hits: (endpoints.data?.items ?? []).map(({ key, target }) => ({
        icon: 'endpoint' as const,
        text: hostPort(target.host, target.port),
        isCode: true,
        href: `/endpoints/${encodeURIComponent(key)}`,
        aside: target.address ?? '',
      })),
    },
    {
      heading: 'Findings',
      hits: onlyFindings(findings.data?.items ?? []).map(({ id, title, severity }) => ({
        icon: 'finding' as const,
        text: title,
        href: `/findings/${id}`,
        aside: severity,
      })),
    },
    { heading: 'Search', hits: searchHits(typed) },
    { heading: 'Go to', hits: placeHits(typed) },
  ];
  return groups.filter(({ hits }) => hits.length > 0);
}

function hashHits(typed: string): readonly Hit[] {
  const hex = typed.replaceAll(/[\s:]/g, '').toLowerCase();
  if (!/^[0-9a-f]{64}$/.test(hex)) return [];
  return [
    {
      icon: 'certificate',
      text: shortHash(hex),
      href: `/certificates/${hex}`,
      isCode: true,
      aside: 'SHA-256',
    },
  ];
}

function searchHits(typed: string): readonly Hit[] {
  if (typed.length < 3) return [];
  const text = encodeURIComponent(typed);
  return [
    { icon: 'certificate', text: `Certificates for “${typed}”`, href: `/certificates?hostContains=${text}` },
    { icon: 'endpoint', text: `Endpoints for “${typed}”`, href: `/endpoints?hostContains=${text}` },
  ];
}

function placeHits(typed: string): readonly Hit[] {
  return places
    .filter(({ text }) => text.toLowerCase().includes(typed.toLowerCase()))
    .map(({ text, href, icon, key }) => ({ icon, text, href, aside: `g ${key}` }));
}
