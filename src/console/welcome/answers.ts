import type { SetupPreview, SetupRequest } from '../api/types.js';
import { wordsOf } from '../lib/words.js';

/** What was typed on the first page. */
export interface Form {
  readonly domains: string;
  readonly targets: string;
  readonly ports: string;
  readonly mailTo: string;
  readonly mailHost: string;
  readonly allowed: boolean;
}

/** Before anything was typed. */
export const blank: Form = {
  domains: '',
  targets: '',
  ports: '443, 8443',
  mailTo: '',
  mailHost: 'localhost',
  allowed: false,
};

/** What was typed, as the API takes it. Ports that are no numbers are left out. */
export function answersOf(form: Form): SetupRequest {
  const ports = wordsOf(form.ports)
    .map(Number)
    .filter((port) => Number.isInteger(port) && port > 0 && port < 65_536);
  const to = form.mailTo.trim();
  return {
    domains: wordsOf(form.domains),
    targets: wordsOf(form.targets),
    ports: ports.length === 0 ? null : ports,
    mail: to === '' ? null : { to, host: form.mailHost.trim() || 'localhost', from: null },
  };
}

/** Why domains and targets cannot be taken, a sentence for each field; null where they can. */
export function refusalsOf({ domains, targets }: Pick<SetupPreview, 'domains' | 'targets'>): {
  readonly any: boolean;
  readonly domains: string | null;
  readonly targets: string | null;
} {
  const said = (of: readonly (readonly [string, string | null])[]): string | null => {
    const [first, ...more] = of.flatMap(([name, refusal]) =>
      refusal === null ? [] : [`${name}: ${refusal}`],
    );
    if (first === undefined) return null;
    return more.length === 0 ? `${first}.` : `${first}; ${more.length} more.`;
  };
  const ofDomains = said(domains.map(({ domain, refusal }) => [domain, refusal]));
  const ofTargets = said(targets.map(({ target, refusal }) => [target, refusal]));
  return { any: (ofDomains ?? ofTargets) !== null, domains: ofDomains, targets: ofTargets };
}
