import { unreadableCertificate } from '../../../src/rules/profile/unreadable-certificate.js';
import { aCertificate, testRule } from '../support.js';

const garbage = aCertificate({
  der: new Uint8Array(700),
  names: ['www.example.com'],
  problems: [
    { code: 'trailing-bytes', message: '3 bytes follow', fatal: false },
    { code: 'not-der', message: 'no SEQUENCE at offset 0', fatal: true },
  ],
});

testRule(
  unreadableCertificate,
  [
    {
      name: 'flags garbage, with its size and the names found in it',
      input: { certificate: garbage },
      expected: {
        severity: 'error',
        details: {
          certificates: [
            {
              position: 0,
              sha256: garbage.sha256,
              bytes: 700,
              code: 'not-der',
              message: 'no SEQUENCE at offset 0',
              names: ['www.example.com'],
            },
          ],
        },
      },
    },
    {
      name: 'warns of a garbage intermediate',
      input: { chain: [aCertificate(), garbage] },
      expected: { severity: 'warning' },
    },
    {
      name: 'flags garbage in a log: the follower decided that it matters',
      input: { certificate: garbage, source: 'logged' },
      expected: {},
    },
    { name: 'passes one that was read', input: {}, expected: 'pass' },
    {
      name: 'passes one that was read to its end with problems',
      input: { certificate: aCertificate({ problems: garbage.problems.slice(0, 1) }) },
      expected: 'pass',
    },
  ],
  true,
);
