import * as der from '../../support/der-writer.js';
import { extension } from '../../support/pki.js';
import { ext, keyIdOf, sharedKey } from '../../support/chain.js';
import { accepts, refuses, testSection } from './cases.js';

const otherId = Buffer.alloc(20, 7);
const issuerId = keyIdOf(sharedKey(1));
const rootId = keyIdOf(sharedKey(0));
const critical = (oid: string, value: Buffer): Buffer => extension(oid, true, value);

testSection('RFC 5280 section 4.2.1.1', [
  refuses(
    'a leaf without authorityKeyIdentifier',
    { leaf: { extensions: { aki: null } } },
    'authority-key-id-missing',
  ),
  refuses('an issuer without one', { issuers: [{ extensions: { aki: null } }] }, 'authority-key-id-missing'),
  accepts('a self-signed root without one', { root: { extensions: { aki: null } } }),
  accepts('a self-signed root that names its own key', { root: { extensions: { aki: ext.aki(rootId) } } }),
  refuses(
    'one without the key identifier',
    { leaf: { extensions: { aki: ext.aki(null) } } },
    'authority-key-id-missing',
  ),
  refuses(
    'a critical one in the leaf',
    { leaf: { extensions: { aki: ext.aki(issuerId, [], true) } } },
    'authority-key-id-critical',
  ),
  refuses(
    'a critical one in the root',
    { root: { extensions: { aki: ext.aki(rootId, [], true) } } },
    'authority-key-id-critical',
  ),
  refuses(
    'one with an unknown field',
    { leaf: { extensions: { aki: ext.aki(issuerId, [der.context(3, false)]) } } },
    'malformed-extension',
  ),
  refuses(
    'one with its fields out of order',
    {
      leaf: {
        extensions: {
          aki: extension(
            '2.5.29.35',
            false,
            der.sequence(der.context(2, false, Buffer.from([1])), der.context(0, false, issuerId)),
          ),
        },
      },
    },
    'malformed-extension',
  ),
  refuses(
    "a root in the operator's file that is not self-signed and names no issuer key",
    {
      root: {
        issuer: der.sequence(der.set(der.sequence(der.oid('2.5.4.3'), der.utf8String('Elsewhere')))),
        mangle: (bytes) => Buffer.concat([bytes.subarray(0, -1), Buffer.from([bytes.at(-1)! ^ 1])]),
      },
    },
    'authority-key-id-missing',
  ),
]);

testSection('RFC 5280 section 4.2.1.2', [
  refuses(
    "a leaf that names another key than its issuer's",
    { leaf: { extensions: { aki: ext.aki(otherId) } } },
    'authority-key-id-mismatch',
  ),
  refuses(
    "an issuer that names another key than the root's",
    { issuers: [{ extensions: { aki: ext.aki(otherId) } }] },
    'authority-key-id-mismatch',
  ),
  refuses(
    'an issuer without subjectKeyIdentifier',
    { issuers: [{ extensions: { ski: null } }] },
    'subject-key-id-missing',
  ),
  refuses('a root without one', { root: { extensions: { ski: null } } }, 'subject-key-id-missing'),
  accepts('a leaf without one', { leaf: { extensions: { ski: null } } }),
  refuses(
    'a critical one',
    { issuers: [{ extensions: { ski: ext.ski(issuerId, true) } }] },
    'subject-key-id-critical',
  ),
  refuses(
    'a critical one in the leaf',
    { leaf: { extensions: { ski: ext.ski(otherId, true) } } },
    'subject-key-id-critical',
  ),
  refuses(
    'an empty one',
    { issuers: [{ extensions: { ski: ext.ski(Buffer.alloc(0)) } }] },
    'malformed-extension',
  ),
  accepts('key identifiers of any length', {
    issuers: [{ extensions: { ski: ext.ski(Buffer.from([1])) } }],
    leaf: { extensions: { aki: ext.aki(Buffer.from([1])) } },
  }),
]);

testSection('RFC 5280 section 4.2.1.3', [
  accepts('a leaf without keyUsage', { leaf: { extensions: { keyUsage: null } } }),
  accepts('an issuer without keyUsage', { issuers: [{ extensions: { keyUsage: null } }] }),
  accepts('a keyUsage that is not critical', {
    leaf: { extensions: { keyUsage: extension('2.5.29.15', false, der.bitString(Buffer.from([0x80]), 7)) } },
  }),
  refuses(
    'a keyUsage without bits',
    { leaf: { extensions: { keyUsage: ext.keyUsage() } } },
    'key-usage-empty wrong-key-usage',
  ),
  refuses(
    'a keyUsage that is no BIT STRING',
    { leaf: { extensions: { keyUsage: critical('2.5.29.15', der.integer(1)) } } },
    'malformed-extension',
  ),
  refuses(
    'a leaf with keyCertSign',
    { leaf: { extensions: { keyUsage: ext.keyUsage(0, 5) } } },
    'key-cert-sign-without-ca',
  ),
  refuses(
    'a leaf with keyCertSign and no basicConstraints',
    { leaf: { extensions: { keyUsage: ext.keyUsage(0, 5), basicConstraints: null } } },
    'key-cert-sign-without-ca',
  ),
]);

testSection('RFC 5280 section 6.1.4 (n)', [
  refuses(
    'an issuer without keyCertSign',
    { issuers: [{ extensions: { keyUsage: ext.keyUsage(0, 6) } }] },
    'ca-without-key-cert-sign key-usage-without-cert-sign',
  ),
  refuses(
    'a root without keyCertSign',
    { root: { extensions: { keyUsage: ext.keyUsage(6) } } },
    'ca-without-key-cert-sign key-usage-without-cert-sign',
  ),
  accepts('an issuer with keyCertSign only', { issuers: [{ extensions: { keyUsage: ext.keyUsage(5) } }] }),
]);

testSection('RFC 5280 section 4.2.1.9', [
  accepts('a leaf without basicConstraints', { leaf: { extensions: { basicConstraints: null } } }),
  refuses(
    'an issuer without basicConstraints',
    { issuers: [{ extensions: { basicConstraints: null } }] },
    'key-cert-sign-without-ca not-a-ca',
  ),
  refuses(
    'an issuer without cA',
    { issuers: [{ extensions: { basicConstraints: ext.basicConstraints(false) } }] },
    'key-cert-sign-without-ca not-a-ca',
  ),
  refuses(
    'an end entity as issuer',
    {
      issuers: [{ extensions: { basicConstraints: ext.basicConstraints(false), keyUsage: ext.keyUsage(0) } }],
    },
    'key-usage-without-cert-sign not-a-ca',
  ),
  refuses(
    'a root without basicConstraints',
    { root: { extensions: { basicConstraints: null } } },
    'key-cert-sign-without-ca not-a-ca',
  ),
  refuses(
    'an issuer whose basicConstraints are not critical',
    { issuers: [{ extensions: { basicConstraints: ext.basicConstraints(true, undefined, false) } }] },
    'basic-constraints-not-critical',
  ),
  refuses(
    'a root whose basicConstraints are not critical',
    { root: { extensions: { basicConstraints: ext.basicConstraints(true, undefined, false) } } },
    'basic-constraints-not-critical',
  ),
  accepts('a leaf whose basicConstraints are not critical', {
    leaf: { extensions: { basicConstraints: ext.basicConstraints(false, undefined, false) } },
  }),
  refuses(
    'a path length in a leaf',
    { leaf: { extensions: { basicConstraints: ext.basicConstraints(false, 0) } } },
    'path-length-without-ca',
  ),
  refuses(
    'a negative path length',
    {
      issuers: [
        {
          extensions: {
            basicConstraints: critical('2.5.29.19', der.sequence(der.boolean(true), der.integer(-1))),
          },
        },
      ],
    },
    'key-cert-sign-without-ca malformed-extension not-a-ca',
  ),
  refuses(
    'a cA that is neither true nor false',
    {
      issuers: [
        {
          extensions: {
            basicConstraints: critical('2.5.29.19', der.sequence(der.element(1, Buffer.from([1])))),
          },
        },
      ],
    },
    'key-cert-sign-without-ca malformed-extension not-a-ca',
  ),
]);

const pathLength = (length: number): { extensions: Record<string, Buffer> } => ({
  extensions: { basicConstraints: ext.basicConstraints(true, length) },
});

testSection('RFC 5280 section 6.1.4 (l) and (m)', [
  accepts('a path length of 0 above a leaf', { issuers: [pathLength(0)] }),
  accepts('a path length of 1 above one CA', { issuers: [pathLength(1), pathLength(0)] }),
  refuses('a CA below a path length of 0', { issuers: [pathLength(0), {}] }, 'path-length-exceeded'),
  refuses('two CAs below a path length of 1', { issuers: [pathLength(1), {}, {}] }, 'path-length-exceeded'),
  accepts('a greater path length below a smaller', { issuers: [pathLength(1), pathLength(9)] }),
  refuses(
    'a CA below a greater path length below 1',
    { issuers: [pathLength(1), pathLength(9), {}] },
    'path-length-exceeded',
  ),
  refuses("a CA below a root's path length of 0", { root: pathLength(0) }, 'path-length-exceeded'),
  accepts("a leaf below a root's path length of 0", { root: pathLength(0), issuers: [] }),
  accepts('a self-issued CA below a path length of 0', {
    issuers: [
      { ...pathLength(0), subject: 'Same' },
      { subject: 'Same', key: sharedKey(5) },
    ],
  }),
  refuses(
    'a second name below a path length of 0 and a self-issued CA',
    { issuers: [{ ...pathLength(0), subject: 'Same' }, { subject: 'Same', key: sharedKey(5) }, {}] },
    'path-length-exceeded',
  ),
  accepts('a self-issued CA below a path length of 1 and a CA', {
    issuers: [
      { ...pathLength(1), subject: 'Same' },
      { ...pathLength(1), subject: 'Same', key: sharedKey(5) },
      pathLength(0),
    ],
  }),
]);
