import type { Survey } from '../api/types.js';
import { State } from '../ui/severity.js';
import { Framed } from '../ui/table.js';

const versions = ['TLSv1.3', 'TLSv1.2', 'TLSv1.1', 'TLSv1', 'SSLv3', 'SSLv2'] as const;
const obsolete = new Set<string>(['TLSv1.1', 'TLSv1', 'SSLv3', 'SSLv2']);

/** Good: authenticated encryption with forward secrecy. Bad: broken or without a key exchange worth the name. */
export function suiteTone(suite: string): 'good' | 'bad' | '' {
  if (/NULL|EXPORT|_RC4_|_DES_|3DES|anon|MD5|_IDEA_|_SEED_/.test(suite)) return 'bad';
  const isForward = /^TLS_(AES|CHACHA20|ECDHE|DHE)/.test(suite);
  return isForward && /GCM|POLY1305|CCM/.test(suite) ? 'good' : '';
}

/** Every version with its answer and the suites it took, in the order preferred. */
export function SurveyTable({ survey }: { readonly survey: Survey }) {
  const label = 'Versions and cipher suites accepted';
  return (
    <Framed label={label}>
      <table class="survey">
        <caption class="sr">{label}</caption>
        <thead>
          <tr>
            <th scope="col">Version</th>
            <th scope="col">Answer</th>
            <th scope="col">Suites, in the order preferred</th>
            <th scope="col" class="lo">
              Chosen by
            </th>
          </tr>
        </thead>
        <tbody>
          {versions.map((version) => (
            <VersionRow
              key={version}
              version={version}
              found={survey.versions.find((one) => one.version === version)}
            />
          ))}
        </tbody>
      </table>
    </Framed>
  );
}

function VersionRow(props: {
  readonly version: string;
  readonly found: Survey['versions'][number] | undefined;
}) {
  const { version, found } = props;
  return (
    <tr>
      <td class="nowrap">{version.replace(/^(TLS|SSL)v/, '$1 ')}</td>
      <td>
        {found === undefined ? (
          <State tone="off">refused</State>
        ) : (
          <State tone={obsolete.has(version) ? 'error' : 'ok'}>accepted</State>
        )}
      </td>
      <td>
        <div class="pills">
          {found?.cipherSuites.map((suite) => (
            <span key={suite} class={`pill ${obsolete.has(version) ? 'bad' : suiteTone(suite)}`.trim()}>
              {suite.replace(/^TLS_/, '')}
            </span>
          ))}
        </div>
      </td>
      <td class="lo">{found?.preference}</td>
    </tr>
  );
}
