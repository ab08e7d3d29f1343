import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { after, before, describe, it } from 'node:test';
import { promisify } from 'node:util';
import type { TlsOptions } from 'node:tls';
import { cipherSuiteName } from '../../scanners/tls/wire/cipher-suites.js';
import { targetGroup, tlsConfig } from '../../scanners/tls/config.js';
import { scanTargets } from '../../scanners/tls/scan.js';
import { groupName } from '../../scanners/tls/wire/groups.js';
import type { SurveyFacts } from '../../src/model/survey.js';
import { issueCa, issueFor, type Issued } from '../support/pki.js';
import { tlsServer } from '../support/tls-servers.js';
import { testsslFacts, testsslFor, type TestsslFacts } from './testssl.js';
import { freePort } from '../support/free-port.js';
import { bound, program, serverFolder, start, type ServerFolder } from './support.js';

const root = issueCa();
const ecdsa = issueFor('localhost', { issuer: root });
const rsa = issueFor('localhost', { issuer: root, key: { rsa: 2048 } });

/** How a server is set up; arguments of openssl s_server, of gnutls-serv, directives of nginx, or options of node:tls. */
type Setup = {
  name: string;
  certificate?: Issued;
  /** Subjects that its request for a client certificate names. */
  authorities?: readonly string[];
  /** Lifetime of its tickets. */
  ticketSeconds?: number;
  /** Why sslscan misses suites of these versions. */
  unseen?: { readonly versions: RegExp; readonly because: string };
} & ({ openssl: readonly string[] } | { gnutls: string } | { nginx: string } | { node: TlsOptions });

const level0 = (ciphers: string): readonly string[] => ['-cipher', `${ciphers}:@SECLEVEL=0`];
const setups: readonly Setup[] = [
  { name: 'openssl as it comes', openssl: [] },
  { name: 'openssl with RSA', openssl: [], certificate: rsa },
  { name: 'openssl TLS 1.3 only', openssl: ['-tls1_3'] },
  { name: 'openssl TLS 1.2 only', openssl: ['-tls1_2'] },
  { name: 'openssl TLS 1.1 only', openssl: ['-tls1_1', ...level0('ALL')] },
  { name: 'openssl TLS 1.0 only', openssl: ['-tls1', ...level0('ALL')], certificate: rsa },
  {
    name: 'openssl everything',
    openssl: ['-min_protocol', 'TLSv1', ...level0('ALL:COMPLEMENTOFALL')],
    certificate: rsa,
  },
  {
    name: 'openssl everything, its own order',
    openssl: ['-serverpref', '-min_protocol', 'TLSv1', ...level0('ALL')],
    certificate: rsa,
  },
  { name: 'openssl NULL suites', openssl: ['-tls1_2', ...level0('eNULL')], certificate: rsa },
  { name: 'openssl anonymous suites', openssl: ['-tls1_2', ...level0('aNULL')], certificate: rsa },
  { name: 'openssl static RSA only', openssl: ['-tls1_2', ...level0('kRSA')], certificate: rsa },
  { name: 'openssl DHE only', openssl: ['-tls1_2', ...level0('kDHE')], certificate: rsa },
  { name: 'openssl CHACHA20 first', openssl: ['-tls1_2', '-serverpref', '-cipher', 'CHACHA20:AESGCM'] },
  { name: 'openssl CAMELLIA', openssl: ['-tls1_2', ...level0('CAMELLIA')], certificate: rsa },
  { name: 'openssl ARIA', openssl: ['-tls1_2', ...level0('ARIAGCM')], certificate: rsa },
  { name: 'openssl CCM', openssl: ['-tls1_2', ...level0('AESCCM:AESCCM8')], certificate: rsa },
  { name: 'openssl one TLS 1.3 suite', openssl: ['-ciphersuites', 'TLS_AES_128_CCM_8_SHA256'] },
  { name: 'openssl P-521 only', openssl: ['-groups', 'P-521'] },
  { name: 'openssl X448 and ffdhe3072', openssl: ['-groups', 'X448:ffdhe3072', '-tls1_3'] },
  { name: 'openssl with a client certificate wished for', openssl: ['-verify', '1'] },
  {
    name: 'openssl with a client certificate demanded',
    openssl: ['-Verify', '1'],
    unseen: {
      versions: /^TLSv1\.2 /,
      because: 'it completes each handshake, which fails for want of a certificate',
    },
  },
  {
    name: 'openssl that names client CAs',
    openssl: ['-verify', '1', '-CAfile', 'cert.pem', '-tls1_2'],
    authorities: ['CN=localhost', 'CN=Test Root CA'],
  },
  {
    name: 'openssl that names client CAs in TLS 1.3',
    openssl: ['-verify', '1', '-CAfile', 'cert.pem', '-tls1_3'],
    authorities: ['CN=localhost', 'CN=Test Root CA'],
  },
  { name: 'openssl without tickets', openssl: ['-no_ticket', '-tls1_2'] },
  { name: 'gnutls as it comes', gnutls: 'NORMAL' },
  // Its certificate is too weak for its own TLS 1.3: only TLS 1.2 gives a ticket.
  { name: 'gnutls secure', gnutls: 'SECURE256', ticketSeconds: 21_600 },
  {
    name: 'gnutls with everything old',
    gnutls: 'NORMAL:+VERS-TLS1.0:+VERS-TLS1.1:+ARCFOUR-128:+3DES-CBC:+MD5:+RSA:%NO_EXTENSIONS',
    certificate: rsa,
  },
  { name: 'gnutls legacy', gnutls: 'LEGACY', certificate: rsa },
  {
    name: 'gnutls TLS 1.2 with Camellia',
    gnutls: 'NORMAL:-VERS-ALL:+VERS-TLS1.2:+CAMELLIA-256-GCM:+CAMELLIA-128-CBC',
    certificate: rsa,
  },
  { name: 'gnutls TLS 1.3 only', gnutls: 'NORMAL:-VERS-ALL:+VERS-TLS1.3' },
  { name: 'nginx as it comes', nginx: '' },
  {
    name: 'nginx intermediate',
    nginx:
      'ssl_protocols TLSv1.2 TLSv1.3; ssl_ciphers ECDHE+AESGCM:ECDHE+CHACHA20; ssl_prefer_server_ciphers off;',
  },
  { name: 'nginx modern', nginx: 'ssl_protocols TLSv1.3;' },
  {
    name: 'nginx old',
    nginx: 'ssl_protocols TLSv1 TLSv1.1 TLSv1.2; ssl_ciphers ALL:@SECLEVEL=0; ssl_prefer_server_ciphers on;',
    certificate: rsa,
  },
  { name: 'node as it comes', node: {} },
  {
    name: 'node TLS 1.0 to 1.2',
    node: { minVersion: 'TLSv1', maxVersion: 'TLSv1.2', ciphers: 'ALL:@SECLEVEL=0' },
    certificate: rsa,
  },
  { name: 'node in the order of the client', node: { honorCipherOrder: false, maxVersion: 'TLSv1.2' } },
];

const isUsable = program('sslscan') !== null && program('openssl') !== null;

describe(
  'The survey agrees with sslscan and testssl.sh',
  { skip: isUsable ? false : 'sslscan is not installed', concurrency: 2 },
  () => {
    const folders = new Map<Issued, ServerFolder>();
    before(() => {
      for (const one of [ecdsa, rsa]) folders.set(one, serverFolder(one, [root]));
    });
    after(() => {
      for (const folder of folders.values()) folder.remove();
    });
    for (const setup of setups) {
      it(`on ${setup.name}`, async (context) => {
        const folder = folders.get(setup.certificate ?? ecdsa);
        assert.ok(folder);
        const running = await launch(setup, folder);
        if (running === null) return context.skip('the server is not installed');
        try {
          const [ours, theirs] = [await surveyed(running.port), await sslscanned(running.port)];
          compare(ours, theirs, setup);
          const testssl = testsslFor(setup.name);
          if (testssl !== null) compareWithTestssl(ours, await testsslFacts(testssl, running.port), setup);
        } finally {
          await running.stop();
        }
      });
    }
  },
);

async function launch(
  setup: Setup,
  folder: ServerFolder,
): Promise<{ port: number; stop(): Promise<void> } | null> {
  if ('node' in setup) {
    const server = await tlsServer({
      certificate: setup.certificate ?? ecdsa,
      chain: [root],
      tls: setup.node,
    });
    return { port: server.port, stop: () => server.close() };
  }
  const port = await freePort();
  const name = 'openssl' in setup ? 'openssl' : 'gnutls' in setup ? 'gnutls-serv' : 'nginx';
  const command = program(name);
  if (command === null) return null;
  const args =
    'openssl' in setup
      ? [
          's_server',
          '-accept',
          `127.0.0.1:${port}`,
          '-cert',
          'cert.pem',
          '-cert_chain',
          'cert.pem',
          '-key',
          'key.pem',
          '-quiet',
          '-www',
          ...setup.openssl,
        ]
      : 'gnutls' in setup
        ? [
            '--port',
            `${port}`,
            '--x509certfile',
            'cert.pem',
            '--x509keyfile',
            'key.pem',
            '--priority',
            setup.gnutls,
            '--http',
            '--quiet',
          ]
        : ['-p', folder.path, '-c', folder.write(`${port}.conf`, nginxConfig(port, setup.nginx))];
  return { port, ...(await start(command, args, port, folder.path)) };
}

function nginxConfig(port: number, directives: string): string {
  return `daemon off; master_process off; pid ${port}.pid; error_log stderr crit; events {}
    http { access_log off; server { listen 127.0.0.1:${port} ssl; ssl_certificate cert.pem; ssl_certificate_key key.pem;
      ${directives} return 204; } }`;
}

async function surveyed(port: number): Promise<SurveyFacts> {
  let facts: SurveyFacts | null | undefined;
  let seen = '';
  await scanTargets({
    ...targetGroup.parse({ targets: [`127.0.0.1:${port}`], depth: 'survey' }),
    config: tlsConfig.parse({ rate: { global: 0, perAddress: 0, perNetwork: 0 } }),
    scanId: 'interop',
    signal: new AbortController().signal,
    onObservation(observation) {
      facts = observation.survey;
      seen = `${observation.outcome} ${observation.detail}`;
    },
  });
  assert.ok(facts, seen);
  assert.equal(facts.incomplete, null);
  return facts;
}

interface Scanned {
  readonly suites: ReadonlySet<string>;
  readonly versions: ReadonlySet<string>;
  readonly groups: ReadonlySet<string>;
  /** Names of client CAs as sslscan writes them: `/CN=...`. */
  readonly authorities: readonly string[];
}

async function sslscanned(port: number): Promise<Scanned> {
  const options = '--xml=- --show-client-cas --no-colour --no-check-certificate --no-heartbleed'.split(' ');
  const [command, args] = bound('sslscan', [...options, `127.0.0.1:${port}`]);
  const { stdout } = await promisify(execFile)(command, args, { maxBuffer: 1e8 });
  const suites = [...stdout.matchAll(/<cipher [^>]*sslversion="([^"]+)"[^>]*\bid="0x([0-9A-Fa-f]+)"/g)];
  const enabled = [...stdout.matchAll(/<protocol type="(\w+)" version="([\d.]+)" enabled="1"/g)];
  const groups = [...stdout.matchAll(/<group [^>]*\bid="(0x[0-9a-fA-F]+|\d+)"/g)];
  return {
    suites: new Set(
      suites.map(
        ([, version = '', id = '']) =>
          `${version.replace('TLSv1.0', 'TLSv1')} ${cipherSuiteName(Number.parseInt(id, 16))}`,
      ),
    ),
    versions: new Set(
      enabled.map(
        ([, type = '', version = '']) =>
          `${type === 'ssl' ? 'SSL' : 'TLS'}v${version.replace(/^1\.0$/, '1')}`,
      ),
    ),
    groups: new Set(groups.map(([, id = '']) => groupName(Number(id)))),
    authorities: [...stdout.matchAll(/<ca>\s*\/(.*?)\s*<\/ca>/g)].map(([, name = '']) => name),
  };
}

function compare(ours: SurveyFacts, theirs: Scanned, { unseen, authorities, ticketSeconds }: Setup): void {
  const suites = ours.versions.flatMap(({ version, cipherSuites }) =>
    cipherSuites.map((suite) => `${version} ${suite}`),
  );
  const missed = [...theirs.suites].filter((suite) => !suites.includes(suite));
  assert.deepEqual(missed, [], 'found by sslscan only');
  // sslscan offers what its OpenSSL can speak: no PSK, no anonymous suites below TLS 1.2 ... it may only find less.
  const further = suites.filter((suite) => !theirs.suites.has(suite));
  const unexplained = further.filter((suite) => !/PSK|anon|RC4|3DES|DES_CBC|SEED|IDEA|NULL|CCM/.test(suite));
  assert.deepEqual(
    unexplained.filter((suite) => unseen?.versions.test(suite) !== true),
    [],
    'found by the survey only',
  );
  if (unseen !== undefined) assert.ok(unexplained.length > 0, `no longer true: ${unseen.because}`);
  const missedGroups = [...theirs.groups].filter((group) => !ours.groups.includes(group));
  assert.deepEqual(missedGroups, [], 'groups found by sslscan only');
  assert.deepEqual(ours.clientAuthorities ?? [], theirs.authorities, 'client CAs');
  assert.deepEqual(ours.clientAuthorities ?? [], authorities ?? []);
  if (ticketSeconds !== undefined) assert.equal(ours.ticketLifetimeSeconds, ticketSeconds);
  for (const version of theirs.versions)
    assert.ok(
      ours.versions.some((facts) => facts.version === version),
      version,
    );
}

/** testssl.sh offers every suite it knows by bytes of its own, as the survey does: both find the same. */
function compareWithTestssl(ours: SurveyFacts, theirs: TestsslFacts, setup: Setup): void {
  const found = ours.versions.flatMap(({ version, cipherSuites }) =>
    cipherSuites.map((suite) => `${version} ${suite}`),
  );
  assert.deepEqual(
    [...theirs.suites].filter((suite) => !found.includes(suite)),
    [],
    'found by testssl.sh only',
  );
  assert.deepEqual(
    found.filter((suite) => !theirs.suites.has(suite)),
    [],
    'not found by testssl.sh',
  );
  assert.deepEqual(
    [...theirs.groups].filter((group) => !ours.groups.includes(group)),
    [],
  );
  if (theirs.secureRenegotiation !== null && ours.secureRenegotiation !== null)
    assert.equal(ours.secureRenegotiation, theirs.secureRenegotiation, setup.name);
  if (theirs.compression !== null && ours.compression !== null)
    assert.equal(ours.compression, theirs.compression);
  if (theirs.ticketLifetimeSeconds !== null)
    assert.equal(ours.ticketLifetimeSeconds, theirs.ticketLifetimeSeconds);
  const preferences = ours.versions.map(({ preference }) => preference);
  if (theirs.hasOrder === false) assert.ok(!preferences.includes('server'), 'an order testssl.sh denies');
}
