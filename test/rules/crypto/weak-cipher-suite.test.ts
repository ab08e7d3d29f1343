import { weakCipherSuite } from '../../../src/rules/crypto/weak-cipher-suite.js';
import { anObservation, surveyed, testRule, type Row } from '../support.js';

const good = 'TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256';
const accepting = (...cipherSuites: string[]) =>
  surveyed({ versions: [{ version: 'TLSv1.2', cipherSuites, preference: 'server' }] });

const families = {
  error: [
    'TLS_RSA_WITH_NULL_SHA256',
    'TLS_NULL_WITH_NULL_NULL',
    'TLS_SHA256_SHA256',
    'TLS_DH_anon_WITH_AES_128_CBC_SHA',
    'TLS_ECDH_anon_WITH_RC4_128_SHA',
    'TLS_RSA_EXPORT_WITH_RC4_40_MD5',
    'TLS_DHE_RSA_EXPORT_WITH_DES40_CBC_SHA',
    'SSL_CK_RC4_128_EXPORT40_WITH_MD5',
    'TLS_RSA_WITH_RC4_128_SHA',
    'TLS_ECDHE_RSA_WITH_RC4_128_SHA',
    'SSL_CK_RC4_128_WITH_MD5',
    'TLS_RSA_WITH_DES_CBC_SHA',
    'SSL_CK_DES_64_CBC_WITH_MD5',
  ],
  warning: [
    'TLS_RSA_WITH_3DES_EDE_CBC_SHA',
    'TLS_RSA_WITH_IDEA_CBC_SHA',
    'SSL_CK_RC2_128_CBC_WITH_MD5',
    'SSL_CK_DES_192_EDE3_CBC_WITH_MD5',
  ],
  pass: [
    'TLS_AES_256_GCM_SHA384',
    'TLS_CHACHA20_POLY1305_SHA256',
    'TLS_RSA_WITH_AES_128_CBC_SHA',
    'TLS_DHE_RSA_WITH_AES_256_GCM_SHA384',
    'TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256',
  ],
} as const;

testRule(weakCipherSuite, [
  ...Object.entries(families).flatMap(([answer, suites]) =>
    suites.map((suite): Row => ({
      name: `${suite}: ${answer}`,
      input: accepting(good, suite),
      expected: answer === 'pass' ? 'pass' : { severity: answer as 'error' | 'warning' },
    })),
  ),
  {
    name: 'lists the suites by family, with their versions',
    input: accepting(good, 'TLS_RSA_WITH_RC4_128_MD5', 'TLS_RSA_WITH_RC4_128_SHA'),
    expected: {
      details: {
        families: [
          {
            family: 'RC4',
            severity: 'error',
            source: 'RFC 7465 section 2',
            versions: ['TLSv1.2'],
            suites: ['TLS_RSA_WITH_RC4_128_MD5', 'TLS_RSA_WITH_RC4_128_SHA'],
          },
        ],
      },
    },
  },
  {
    name: 'does not apply where no TLS was spoken',
    input: { observation: anObservation({ tls: null }) },
    expected: 'not-applicable',
  },
]);
