import { subjectLength } from '../../../src/rules/profile/subject-length.js';
import { readCertificate } from '../../../src/x509/read/read-certificate.js';
import { aLeaf, asked, askedPrivately, at, subject, testProfile } from '../profile-support.js';

const of = (type: string, length: number) => aLeaf({ subject: subject([type, 'é'.repeat(length)]) });

testProfile(subjectLength, [
  { name: 'passes a Common Name of 64 characters', input: asked(of(at.CN, 64)), expected: 'pass' },
  { name: 'flags one of 65', input: asked(of(at.CN, 65)), expected: 'attribute-too-long', severity: 'error' },
  {
    name: "weighs it less in a private CA's",
    input: askedPrivately(of(at.CN, 65)),
    expected: 'attribute-too-long',
    severity: 'warning',
  },
  { name: 'passes an organization of 64', input: asked(of(at.O, 64)), expected: 'pass' },
  { name: 'flags one of 65 ', input: asked(of(at.O, 65)), expected: 'attribute-too-long' },
  { name: 'flags a locality of 129', input: asked(of(at.L, 129)), expected: 'attribute-too-long' },
  {
    name: 'warns of a given name of 17',
    input: asked(of('2.5.4.42', 17)),
    expected: 'attribute-too-long',
    severity: 'warning',
  },
  {
    name: 'does not apply to what cannot be read',
    input: { certificate: readCertificate(Buffer.from('no certificate')) },
    expected: 'not-applicable',
  },
]);
