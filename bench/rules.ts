import { fork } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defaultPolicy } from '../src/rules/config.js';
import { judge } from '../src/rules/judge.js';
import type { CheckInput } from '../src/rules/rule.js';
import { readCertificate } from '../src/x509/read/read-certificate.js';
import { issue, issueCa, issueFor, type CertificateSpec } from '../test/support/pki.js';
import { storeConfig } from '../src/store/config.js';
import { openStore } from '../src/store/index.js';
import { log } from '../test/store/sample.js';
import type { Report } from './report.js';
import { fill } from './rules-data.js';
import type { RulesFigures } from './rules-main.js';

const rounds = 20_000;

/**
 * How many certificates the rules judge in a second of CPU time, then judging over a filled store: `small` (the default), or `full` for
 * 1,000,000 certificates and 200,000 endpoints.
 */
export async function bench(report: Report, parts: readonly string[] = []): Promise<void> {
  benchRules(report);
  await benchStore(report, parts.includes('full') ? fullSize : smallSize);
}

const fullSize = { certificates: 1_000_000, endpoints: 200_000, changed: 10_000 };
const smallSize = { certificates: 10_000, endpoints: 2_000, changed: 1_000 };

async function benchStore(report: Report, size: typeof fullSize): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'certglass-rules-'));
  try {
    const issuer = issueCa();
    await writeFile(join(folder, 'root.pem'), issuer.pem);
    const store = await openStore(storeConfig.parse({ dataDir: folder }), log);
    await fill(store, issuer, size.certificates, size.endpoints);
    await store.close();
    const of = `${size.certificates.toLocaleString('en')} certificates, ${size.endpoints.toLocaleString('en')} endpoints`;
    const figures = await judgeInChild(folder, size);
    const [first = 0, second = 0] = figures.fullSeconds;
    report.result(`everything judged, ${of}`, first, 's', { name: 'limit', value: 60 });
    report.result('everything judged again, observations meanwhile', second, 's', {
      name: 'limit',
      value: 60,
    });
    report.result('slowest finding meanwhile', figures.freshSeconds, 's', { name: 'limit', value: 2 });
    report.result(`${size.changed} endpoints judged`, figures.changedSeconds, 's', {
      name: 'limit',
      value: 2,
    });
    report.result('nothing changed', figures.nothingSeconds, 's', { name: 'limit', value: 0.2 });
    report.result('memory of the service', figures.peakMiB, 'MiB', { name: 'limit', value: 512 });
    report.result('processor time of the service', figures.cpuSeconds, 's');
    report.result('findings open', figures.findings, 'findings');
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 500 });
  }
}

function judgeInChild(folder: string, { endpoints, changed }: typeof fullSize): Promise<RulesFigures> {
  const child = fork(join(import.meta.dirname, 'rules-main.js'), [
    folder,
    String(endpoints),
    String(changed),
  ]);
  return new Promise((resolve, reject) => {
    child.once('message', (figures) => resolve(figures as RulesFigures));
    child.once('exit', (code) => reject(new Error(`the judging process ended with ${code}`)));
  });
}

function benchRules(report: Report): void {
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
