import { pathOf } from '../api/client.js';
import type { CertificateDetail } from '../api/types.js';
import { attempt } from '../ui/act.js';
import { Icon } from '../ui/icon.js';
import { copyText } from '../ui/marks.js';
import { Menu } from '../ui/menu.js';

/** Fetches the PEM of a certificate. */
export async function pemOf(sha256: string): Promise<string> {
  const response = await fetch(pathOf('GET /api/v1/certificates/{sha256}.pem', { sha256 }), {
    credentials: 'same-origin',
  });
  if (!response.ok) throw new Error(`the certificate could not be fetched (${response.status})`);
  return response.text();
}

/** Download, copy, compare. Readers may do all of it. */
export function CertificateActions({ certificate: { sha256 } }: { readonly certificate: CertificateDetail }) {
  return (
    <>
      <Menu
        class="btn"
        button={
          <>
            <Icon name="download" />
            Download
          </>
        }
      >
        <a href={pathOf('GET /api/v1/certificates/{sha256}.pem', { sha256 })} download>
          PEM
        </a>
        <a href={pathOf('GET /api/v1/certificates/{sha256}.der', { sha256 })} download>
          DER, the exact bytes received
        </a>
        <a href={`${pathOf('GET /api/v1/certificates/{sha256}.pem', { sha256 })}?chain=true`} download>
          PEM with its chain
        </a>
        <a href={pathOf('GET /api/v1/certificates/{sha256}.txt', { sha256 })} download>
          Text
        </a>
      </Menu>
      <button
        class="btn"
        type="button"
        onClick={() => void attempt(async () => copyText(await pemOf(sha256), 'PEM'))}
      >
        <Icon name="copy" />
        Copy PEM
      </button>
      <a class="btn" href={`/certificates/compare?a=${sha256}`}>
        Compare
      </a>
    </>
  );
}
