import { getDomain } from 'tldts';

/** The domain that was registered for a name: `example.co.uk` for `www.example.co.uk`; null for addresses, single labels and public suffixes. */
export function registrableDomain(name: string): string | null {
  return getDomain(name.startsWith('*.') ? name.slice(2) : name, { allowPrivateDomains: true });
}
