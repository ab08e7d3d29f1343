import assert from 'node:assert/strict';
import { it } from 'node:test';
import { domainOf, starttlsOfService } from '../../../../scanners/tls/targets/services.js';

const cases = [
  ['mx', 'example.com', 'example.com', 'smtp'],
  ['srv', '_xmpp-client._tcp.example.com', 'example.com', 'xmpp-client'],
  ['srv', '_xmpp-server._tcp.im.example.com', 'im.example.com', 'xmpp-server'],
  ['srv', '_xmpps-client._tcp.example.com', 'example.com', null],
  ['srv', '_submission._tcp.example.com', 'example.com', 'smtp'],
  ['srv', '_submissions._tcp.example.com', 'example.com', null],
  ['srv', '_imap._tcp.example.com', 'example.com', 'imap'],
  ['srv', '_imaps._tcp.example.com', 'example.com', null],
  ['srv', '_ldap._tcp.dc._msdcs.example.com', 'dc._msdcs.example.com', 'ldap'],
  ['srv', '_sieve._tcp.example.com', 'example.com', 'sieve'],
  ['srv', '_postgresql._tcp.db.example.com', 'db.example.com', 'postgres'],
  ['srv', '_sips._tcp.example.com', 'example.com', null],
  ['srv', '_constructor._tcp.example.com', 'example.com', undefined],
  ['srv', '_unheard-of._tcp.example.com', 'example.com', undefined],
] as const;

for (const [record, name, domain, starttls] of cases)
  it(`${record}:${name} is asked for ${domain}${starttls === undefined ? '' : `, ${starttls ?? 'with TLS at once'}`}`, () => {
    assert.equal(domainOf({ record, name }), domain);
    assert.equal(starttlsOfService({ record, name }), starttls);
  });
