import { useApi } from '../api/use-api.js';
import { authorityName, day, relative } from '../lib/format.js';
import { useNow } from '../lib/browser.js';
import { Hostile, Life } from '../ui/marks.js';
import { Panel } from '../ui/page.js';

/** The leaf an endpoint served when it last did. */
export function ServesNow({
  chain: [leaf],
  at,
}: {
  readonly chain: readonly string[];
  readonly at: string | null;
}) {
  const now = useNow();
  const { data } = useApi(
    leaf === undefined ? null : 'GET /api/v1/certificates/{sha256}',
    leaf === undefined ? {} : { sha256: leaf },
  );
  if (leaf === undefined || data === undefined) return null;
  const ends = data.notAfter === null ? null : new Date(data.notAfter);
  return (
    <Panel title="Serves" aside={at === null ? undefined : `seen ${relative(new Date(at), now)}`}>
      <div class="stack tight">
        <a class="host" href={`/certificates/${leaf}`}>
          <Hostile text={data.names[0] ?? data.subject} max={120} />
        </a>
        <Life from={data.notBefore} to={data.notAfter} />
        <p class="sub">
          <Hostile text={authorityName(data.issuer)} max={120} />.
          {ends === null
            ? ''
            : ` ${ends < now ? 'Expired' : 'Expires'} ${relative(ends, now)}, ${day(ends)}.`}
        </p>
      </div>
    </Panel>
  );
}
