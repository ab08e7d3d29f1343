import assert from 'node:assert/strict';
import { it } from 'node:test';
import { answeredNames, serverNames } from '../../../src/x509/read/answered-names.js';
import { readCertificate } from '../../../src/x509/read/read-certificate.js';
import { ext, generalName } from '../../support/chain.js';
import { aLeaf, subject } from '../../rules/profile-support.js';

const { dns, email, ip, uri } = generalName;
const read = (extensions: Record<string, Buffer>, name: Buffer) =>
  readCertificate(aLeaf({ extensions, subject: name }).der);

it('takes names from alternative names and Common Names, not from organizations and units', () => {
  const certificate = read(
    {
      san: ext.san([
        dns('WWW.example.com'),
        ip('8.8.8.8'),
        email('a@mail.example.com'),
        uri('https://u.example.com/x'),
      ]),
    },
    subject(['2.5.4.10', 'org.example.com'], ['2.5.4.11', 'unit.example.com'], ['2.5.4.3', 'cn.example.com']),
  );
  assert.ok(certificate.names.includes('org.example.com'), 'the reader lists it all the same');
  // Addresses are matched as addresses: `names` holds host names.
  assert.deepEqual([...answeredNames(certificate)].sort(), [
    'cn.example.com',
    'mail.example.com',
    'u.example.com',
    'www.example.com',
  ]);
  assert.deepEqual([...serverNames(certificate)].sort(), ['cn.example.com', 'www.example.com']);
});

it('takes no prose in a Common Name for a name', () => {
  const certificate = read(
    { san: ext.san([ip('8.8.8.8')]) },
    subject(['2.5.4.3', 'Example.net Authority (2048)']),
  );
  assert.deepEqual(serverNames(certificate), []);
});

it('takes every name found in one that cannot be read', () => {
  const { der } = aLeaf();
  const certificate = readCertificate(der.subarray(0, der.length - 30));
  assert.deepEqual(answeredNames(certificate), certificate.names);
  assert.ok(certificate.names.includes('www.example.com'));
});
