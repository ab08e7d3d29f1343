import { defaultPolicy } from '../src/rules/config.js';
import { judge } from '../src/rules/judge.js';
import type { CheckInput } from '../src/rules/rule.js';
import { readCertificate } from '../src/x509/read/read-certificate.js';
import { issue, issueCa, issueFor, type CertificateSpec } from '../test/support/pki.js';
import type { Report } from './report.js';

const rounds = 20_000;

/** How many certificates the rules judge in a second of CPU time; certificates are read before the clock starts. */
export async function bench(report: Report): Promise<void> {
  const issuer = issueCa();
  const specs: readonly CertificateSpec[] = [
    { issuer },
    { issuer, key: { rsa: 2048 } },
    { issuer, notBefore: new Date('2020-01-01'), notAfter: new Date('2021-01-01') },
    {},
  ];
  const certificates = specs.map((spec) => issueFor('www.example.com', spec).der);
  const manyNames = issue({
    issuer,
    dnsNames: Array.from({ length: 1000 }, (_, at) => `h${at}.example.com`),
  });
  report.result('judged, seen before', perSecond(certificates, true), 'certificates/CPU-s');
  report.result('judged, seen for the first time', perSecond(certificates, false), 'certificates/CPU-s');
  report.result('judged, 1,000 names', perSecond([manyNames.der], true), 'certificates/CPU-s');
  await Promise.resolve();
}

/** `again`: the same certificates over and over, so that keys and signatures are looked at once; else each is new to the rules. */
function perSecond(ders: readonly Uint8Array[], again: boolean): number {
  const certificates = ders.map(readCertificate);
  const count = again ? rounds : 2000;
  const inputs = Array.from({ length: count }, (_, at): CheckInput => {
    const certificate = certificates[at % certificates.length] ?? readCertificate(new Uint8Array());
    return {
      certificate: again ? certificate : { ...certificate, sha256: `sha256 ${at}`, spkiSha256: `spki ${at}` },
      source: 'served',
      chain: [],
      host: 'www.example.com',
      observation: null,
      validation: null,
      inventory: 'unknown',
      policy: { ...defaultPolicy, ownedDomains: ['example.com', 'example.org'] },
      now: new Date(),
    };
  });
  const startedAt = process.cpuUsage();
  let verdicts = 0;
  for (const input of inputs) verdicts += judge(input).length;
  if (verdicts === 0) throw new Error('nothing was judged');
  const { user, system } = process.cpuUsage(startedAt);
  return (inputs.length * 1e6) / (user + system);
}
