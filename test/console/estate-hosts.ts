import type { TlsOptions } from 'node:tls';
import {
  daysFromNow,
  issueCa,
  issueFor,
  makeKey,
  type CertificateSpec,
  type Issued,
} from '../support/pki.js';

/** The CAs of the estate; all of them are invented. */
export interface Authorities {
  readonly public: Issued;
  readonly other: Issued;
  readonly corporate: Issued;
  readonly unapproved: Issued;
}

/** Makes the CAs. */
export function authorities(): Authorities {
  return {
    public: issueCa('Northgate TLS CA R3', { notAfter: daysFromNow(1_400) }),
    other: issueCa('Lakeside Trust WE1', { notAfter: daysFromNow(2_100) }),
    corporate: issueCa('Example Corp Issuing CA 3', { notAfter: daysFromNow(3_000) }),
    unapproved: issueCa('Quillmark Trust DV CA 2', { notAfter: daysFromNow(1_900) }),
  };
}

/** One certificate of the estate and where it is. */
export interface Deployed {
  readonly certificate: Issued;
  readonly issuer: Issued;
  /** Hosts that serve it, each at so many addresses. */
  readonly hosts: readonly (readonly [name: string, addresses: number])[];
  readonly owner: 'platform' | 'commerce' | 'messaging' | 'network' | null;
  readonly isLogged: boolean;
  readonly tls?: TlsOptions;
}

/** What lets node:tls use keys, hashes and versions that it would refuse by itself. */
const lenient: TlsOptions = { ciphers: 'DEFAULT:@SECLEVEL=0' };

const names = [
  'www',
  'blog',
  'docs',
  'status',
  'login',
  'search',
  'cdn',
  'assets',
  'beta',
  'partner',
  'jobs',
  'help',
];
const internal = [
  'grafana',
  'ci',
  'git',
  'wiki',
  'registry',
  'vault',
  'db-1',
  'db-2',
  'queue',
  'k8s-apiserver',
];

/** Everything that is deployed: most of it in order, some of it not, as estates are. */
export function deployed(ca: Authorities): readonly Deployed[] {
  return [...inOrder(ca), ...inTrouble(ca)];
}

function inOrder(ca: Authorities): readonly Deployed[] {
  const web = names.map((name, index) =>
    one(`${name}.example.com`, index % 3 === 0 ? ca.other : ca.public, 'platform', {
      ...life(90, 8 + index * 4),
      dnsNames: [`${name}.example.com`, ...(index % 4 === 0 ? [`${name}.example.org`] : [])],
    }),
  );
  const corporate = internal.map((name, index) => ({
    ...one(
      `${name}.example.net`,
      ca.corporate,
      index % 2 === 0 ? 'platform' : 'network',
      life(365, 20 + index * 9),
    ),
    isLogged: false,
  }));
  return [...web, ...corporate];
}

function inTrouble(ca: Authorities): readonly Deployed[] {
  const wildcard = one('*.shop.example.com', ca.public, 'commerce', {
    ...life(90, 71),
    dnsNames: ['*.shop.example.com', 'shop.example.com'],
  });
  const mailKey = makeKey({ rsa: 2048 });
  return [
    {
      ...wildcard,
      hosts: ['shop', 'cart.shop', 'pay.shop', 'img.shop', 'api.shop'].map(
        (name) => [`${name}.example.com`, 1] as const,
      ),
    },
    one('legacy-vpn.example.org', ca.corporate, 'network', { ...life(365, 367) }),
    one('smtp.example.net', ca.public, 'messaging', { ...life(90, 30), key: mailKey }),
    one('imap.example.net', ca.public, 'messaging', { ...life(90, 31), key: mailKey }),
    {
      ...one('printer-2f-west.example.net', null, null, { ...life(3_650, 900), key: { rsa: 1024 } }),
      isLogged: false,
      tls: lenient,
    },
    { ...one('router.example.net', null, null, life(3_650, 1_200)), isLogged: false },
    one('dev-login.example.com', ca.unapproved, null, life(90, 1)),
    {
      ...one('old.example.org', ca.public, 'commerce', { ...life(200, 100), hash: 'sha1' }),
      isLogged: false,
      tls: lenient,
    },
    {
      ...one('edge.example.com', ca.public, 'platform', life(90, 40)),
      hosts: [['edge.example.com', 3]],
      tls: { ...lenient, minVersion: 'TLSv1', maxVersion: 'TLSv1.2' },
    },
    { ...one('other.example.com', ca.public, 'platform', life(90, 12)), hosts: [['moved.example.com', 1]] },
  ];
}

function one(name: string, issuer: Issued | null, owner: Deployed['owner'], spec: CertificateSpec): Deployed {
  const certificate = issueFor(name, { ...(issuer === null ? {} : { issuer }), ...spec });
  return { certificate, issuer: issuer ?? certificate, hosts: [[name, 1]], owner, isLogged: issuer !== null };
}

/** A life of so many days, so many of which are over. */
export function life(days: number, over: number): { readonly notBefore: Date; readonly notAfter: Date } {
  return { notBefore: daysFromNow(-over), notAfter: daysFromNow(days - over) };
}
