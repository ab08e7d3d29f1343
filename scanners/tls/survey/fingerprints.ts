import { createHash, randomBytes } from 'node:crypto';
import { clientHello, extensions, uint16, vector8, versions, type Extension } from '../wire/client-hello.js';
import type { ServerFlight, ServerHello } from '../wire/server-flight.js';

/** JA3S: MD5 over `version,suite,extension-extension` of a ServerHello, in decimal. It depends on the hello it answers. */
export function ja3s({ version, cipherSuite, extensions: list }: ServerHello): string {
  const text = `${version},${cipherSuite},${list.map(([type]) => type).join('-')}`;
  return createHash('md5').update(text).digest('hex');
}

/** How the suites, or protocols, of a JARM hello are ordered. */
type Order = 'forward' | 'reverse' | 'top' | 'bottom' | 'middle';

/** One of the ten hellos of JARM 1.0 (Salesforce, 2020). */
interface JarmHello {
  readonly version: 'TLSv1.1' | 'TLSv1.2' | 'TLSv1.3';
  readonly withoutTls13Suites?: true;
  readonly suites: Order;
  readonly grease?: true;
  /** Only protocols that hardly any server speaks. */
  readonly rareProtocols?: true;
  readonly supportedVersions: 'none' | 'to 1.2' | 'to 1.3';
  /** Order of protocols and versions. */
  readonly order: 'forward' | 'reverse';
}

const jarmHellos: readonly JarmHello[] = [
  { version: 'TLSv1.2', suites: 'forward', supportedVersions: 'to 1.2', order: 'reverse' },
  { version: 'TLSv1.2', suites: 'reverse', supportedVersions: 'to 1.2', order: 'forward' },
  { version: 'TLSv1.2', suites: 'top', supportedVersions: 'none', order: 'forward' },
  { version: 'TLSv1.2', suites: 'bottom', rareProtocols: true, supportedVersions: 'none', order: 'forward' },
  {
    version: 'TLSv1.2',
    suites: 'middle',
    grease: true,
    rareProtocols: true,
    supportedVersions: 'none',
    order: 'reverse',
  },
  { version: 'TLSv1.1', suites: 'forward', supportedVersions: 'none', order: 'forward' },
  { version: 'TLSv1.3', suites: 'forward', supportedVersions: 'to 1.3', order: 'reverse' },
  { version: 'TLSv1.3', suites: 'reverse', supportedVersions: 'to 1.3', order: 'forward' },
  {
    version: 'TLSv1.3',
    withoutTls13Suites: true,
    suites: 'forward',
    supportedVersions: 'to 1.3',
    order: 'forward',
  },
  { version: 'TLSv1.3', suites: 'middle', grease: true, supportedVersions: 'to 1.3', order: 'reverse' },
];

/** The suites of JARM, in the order of its `forward`. */
const jarmSuites = hexList(
  '0016 0033 0067 c09e c0a2 009e 0039 006b c09f c0a3 009f 0045 00be 0088 00c4 009a c008 c009 c023 c0ac c0ae c02b c00a ' +
    'c024 c0ad c0af c02c c072 c073 cca9 1302 1301 cc14 c007 c012 c013 c027 c02f c014 c028 c030 c060 c061 c076 c077 cca8 ' +
    '1305 1304 1303 cc13 c011 000a 002f 003c c09c c0a0 009c 0035 003d c09d c0a1 009d 0041 00ba 0084 00c0 0007 0004 0005',
);

/** The position of a suite in this list, counted from 1, stands for it in the fingerprint. */
const jarmIndex = [...jarmSuites].sort((x, y) => rank(x) - rank(y));

/** Ascending, but the suites of TLS 1.3 last. */
function rank(suite: number): number {
  return suite >> 8 === 0x13 ? suite + 0x10000 : suite;
}

function hexList(text: string): number[] {
  return text.split(' ').map((word) => Number.parseInt(word, 16));
}

/** "spdy/3" and "h2" stand in one entry, as in the original, so that they keep together when the order changes. */
const protocols = ['http/0.9', 'http/1.0', 'http/1.1', 'spdy/1', 'spdy/2', 'spdy/3 h2', 'h2c', 'hq'];
const rareProtocols = ['http/0.9', 'http/1.0', 'spdy/1', 'spdy/2', 'spdy/3', 'h2c', 'hq'];

function reordered<T>(list: readonly T[], order: Order): T[] {
  const middle = Math.floor(list.length / 2);
  const isOdd = list.length % 2 === 1;
  if (order === 'forward') return [...list];
  if (order === 'reverse') return [...list].reverse();
  if (order === 'bottom') return list.slice(isOdd ? middle + 1 : middle);
  if (order === 'top') return list.slice(0, isOdd ? middle + 1 : middle).reverse();
  const upper = list.slice(isOdd ? middle + 1 : middle);
  const lower = list.slice(0, middle).reverse();
  const rest = upper.flatMap((item, index) => [item, ...lower.slice(index, index + 1)]);
  return [...list.slice(middle, isOdd ? middle + 1 : middle), ...rest];
}

/** RFC 8701: a value reserved so that peers learn to ignore the unknown. */
function grease(): number {
  const nibble = (randomBytes(1)[0] ?? 0) >> 4;
  return nibble * 0x1010 + 0x0a0a;
}

/** The ten hellos for a server, in order. */
export function jarmClientHellos(serverName: string): Buffer[] {
  return jarmHellos.map((plan) => {
    const suites = plan.withoutTls13Suites ? jarmSuites.filter((suite) => suite >> 8 !== 0x13) : jarmSuites;
    const first = plan.grease ? [grease()] : [];
    return clientHello({
      version: versions[plan.version === 'TLSv1.3' ? 'TLSv1.2' : plan.version],
      recordVersion: versions[plan.version === 'TLSv1.3' ? 'TLSv1' : plan.version],
      sessionId: randomBytes(32),
      cipherSuites: [...first, ...reordered(suites, plan.suites)],
      extensions: jarmExtensions(plan, serverName),
      isExact: true,
    });
  });
}

function jarmExtensions(plan: JarmHello, serverName: string): Extension[] {
  const names = reordered(plan.rareProtocols ? rareProtocols : protocols, plan.order).flatMap((name) =>
    name.split(' '),
  );
  const offered = [versions.TLSv1, versions['TLSv1.1'], versions['TLSv1.2'], versions['TLSv1.3']];
  const listed = reordered(plan.supportedVersions === 'to 1.3' ? offered : offered.slice(0, 3), plan.order);
  const share: readonly [number, Uint8Array] = [29, randomBytes(32)];
  return [
    ...(plan.grease ? ([[grease(), Buffer.alloc(0)]] satisfies Extension[]) : []),
    ...extensions.serverName(serverName),
    extensions.extendedMasterSecret,
    [1, Buffer.of(1)], // max_fragment_length 512, RFC 6066 section 4
    extensions.renegotiationInfo,
    extensions.supportedGroups([29, 23, 24, 25]),
    extensions.ecPointFormats,
    extensions.sessionTicket,
    extensions.alpn(names),
    extensions.signatureAlgorithms(hexList('0403 0804 0401 0503 0805 0501 0806 0601 0201')),
    extensions.keyShare(plan.grease ? [[grease(), Buffer.of(0)], share] : [share]),
    extensions.pskKeyExchangeModes,
    ...(plan.supportedVersions === 'none'
      ? []
      : ([
          [43, vector8(Buffer.concat([...(plan.grease ? [grease()] : []), ...listed].map(uint16)))],
        ] satisfies Extension[])),
  ];
}

/** The fingerprint over ten answers; 62 zeros when no server answered any. */
export function jarm(answers: readonly ServerFlight[]): string {
  const hellos = answers.map(({ serverHello }) => serverHello);
  if (hellos.every((hello) => hello === null)) return '0'.repeat(62);
  const head = hellos
    .map((hello) => (hello === null ? '000' : `${suiteCode(hello)}${versionCode(hello)}`))
    .join('');
  const tail = hellos
    .map((hello) => (hello === null ? '' : `${protocolOf(hello)}${extensionTypes(hello)}`))
    .join('');
  return head + createHash('sha256').update(tail).digest('hex').slice(0, 32);
}

function suiteCode({ cipherSuite }: ServerHello): string {
  const index = jarmIndex.indexOf(cipherSuite);
  return ((index < 0 ? jarmIndex.length : index) + 1).toString(16).padStart(2, '0');
}

function versionCode({ version }: ServerHello): string {
  return 'abcdef'[version & 15] ?? '0';
}

function protocolOf({ extensions: list }: ServerHello): string {
  const body = list.find(([type]) => type === 16)?.[1];
  return body === undefined ? '' : Buffer.from(body).toString('utf8', 3);
}

function extensionTypes({ extensions: list }: ServerHello): string {
  return list.map(([type]) => type.toString(16).padStart(4, '0')).join('-');
}
