import { X509Certificate } from 'node:crypto';
import { validatePath, type PathRequest } from '../src/x509/path/validate.js';
import { createRootStore, fullTrust } from '../src/x509/path/root-store.js';
import { chainTime, ext, generalName, makeChain, nameConstraints } from '../test/support/chain.js';
import type { Report } from './report.js';

/** Paths of leaf, issuer and root validated in full, beside node:crypto checking no more than names, signatures, dates and host. */
export async function bench(report: Report): Promise<void> {
  const request = requestOf(makeChain());
  const ours = perSecond(() => validatePath(request).verdict === 'valid');
  const theirs = perSecond(() => checkByNode(request));
  report.result('paths of three certificates', ours, 'paths/s', {
    name: 'node:crypto, names, signatures, dates and host only',
    value: theirs,
  });
  const names = Array.from({ length: 50_000 }, (_, at) => generalName.dns(`n${at}.example.com`));
  const heavy = requestOf(
    makeChain({
      issuers: [{ extensions: { nc: nameConstraints([generalName.dns('example.com')]) } }],
      leaf: { extensions: { san: ext.san([...names, generalName.dns('www.example.com')]) } },
    }),
  );
  const start = performance.now();
  validatePath(heavy);
  report.result('50,000 names below a name constraint', performance.now() - start, 'ms', {
    name: 'limit',
    value: 1000,
  });
}

function requestOf({ leaf, issuers, root }: ReturnType<typeof makeChain>): PathRequest {
  const entries = [{ der: root.der, server: fullTrust, client: fullTrust }];
  return {
    certificate: leaf.der,
    intermediates: issuers.map(({ der }) => der),
    rootStore: createRootStore({ name: 'bench', date: '2026-06-01', isPublic: false }, entries),
    at: chainTime,
    purpose: 'server',
    host: 'www.example.com',
  };
}

function checkByNode({ certificate, intermediates, rootStore, host, at }: PathRequest): boolean {
  const anchors = [...rootStore.anchorsBySubject.values()].flat().map((anchor) => anchor.certificate.der);
  const path = [certificate, ...intermediates, ...anchors].map((der) => new X509Certificate(der));
  return path.every((link, position) => {
    const issuer = path[position + 1] ?? link;
    const isCurrent = new Date(link.validFrom) <= at && at <= new Date(link.validTo);
    const isRight = link.checkIssued(issuer) && link.verify(issuer.publicKey);
    return isCurrent && isRight && (position > 0 || link.checkHost(host ?? '') !== undefined);
  });
}

/** Runs for a second after a warm-up. */
function perSecond(work: () => boolean): number {
  for (let round = 0; round < 100; round += 1) if (!work()) throw new Error('the path is not valid');
  const start = performance.now();
  let rounds = 0;
  for (; performance.now() - start < 1000; rounds += 1) work();
  return (rounds / (performance.now() - start)) * 1000;
}
