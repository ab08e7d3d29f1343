import assert from 'node:assert/strict';
import { setMaxListeners } from 'node:events';
import { describe, it } from 'node:test';
import type { Observation } from '../../../../src/model/observation.js';
import type { StarttlsKind } from '../../../../src/model/target.js';
import { issueFor } from '../../../support/pki.js';
import { rawServer, tlsServer } from '../../../support/tls-servers.js';
import { probe, probeOptions, targetAt } from '../support.js';
import { good, hear, hex, mysqlGreeting, play, say, tdsPrelogin, xmppOpen, type Step } from './scripts.js';

const leaf = issueFor('served.example');
const signal = new AbortController().signal;
setMaxListeners(0, signal);
const tlsNamespace = 'urn:ietf:params:xml:ns:xmpp-tls';

/** What a probe sees of a server that plays `steps`, and goes on with TLS when it can. */
async function seen(
  starttls: StarttlsKind,
  steps: readonly Step[],
  { isDripping = false, host = 'served.example' } = {},
): Promise<Observation> {
  const server = await tlsServer({
    certificate: leaf,
    before: (socket) => play(socket, steps, isDripping).catch(() => void socket.destroy()),
  });
  const target = targetAt(server, { starttls, serverName: host });
  const observation = await probe(target, probeOptions({ depth: 'fast', deadlineMs: 5000 }), signal);
  await server.close();
  return observation;
}

const tlv = (tag: number, ...parts: readonly (Buffer | string)[]): Buffer => {
  const body = Buffer.concat(parts.map((part) => Buffer.from(part)));
  return Buffer.concat([Buffer.of(tag, body.length), body]);
};

/** LDAPMessage { 1, ExtendedResponse { code, matchedDN, diagnosticMessage } }. */
const ldapAnswer = (code: number, text: string): Buffer =>
  tlv(0x30, tlv(2, Buffer.of(1)), tlv(0x78, tlv(10, Buffer.of(code)), tlv(4, ''), tlv(4, text)));

const greetingThen = (...steps: Step[]): Step[] => [say('220 x\r\n'), ...steps];
const ftpEnd = [hear(/^AUTH TLS$/), say('234 begin\r\n')];
const smtpEnd = [hear(/^STARTTLS$/), say('220 go\r\n')];
const offer = `<stream:features><starttls xmlns='${tlsNamespace}'/></stream:features>`;
const proceed = `<proceed xmlns='${tlsNamespace}'/>`;
const xmpp = (features: string, answer = proceed): Step[] => [
  { read: />$/ },
  say(`${xmppOpen}${features}`),
  { read: /starttls/ },
  say(answer),
];

/** Replies a reader of single lines gets wrong. */
const consenting: readonly (readonly [kind: StarttlsKind, name: string, steps: readonly Step[]])[] = [
  [
    'ftp',
    'greets with a text line that begins with another number',
    [say('220-Hi\r\n100 users\r\n220 ready\r\n'), ...ftpEnd],
  ],
  [
    'ftp',
    'greets with a text line that is only a number',
    [say('220-Hi\r\n250\r\n220 ready\r\n'), ...ftpEnd],
  ],
  [
    'ftp',
    'greets with lines that begin with its own code and a hyphen',
    [say('220-a\r\n 220 b\r\n220-c\r\n220 d\r\n'), ...ftpEnd],
  ],
  ['ftp', 'ends its greeting by the code alone', [say('220-a\r\n220\r\n'), ...ftpEnd]],
  ['ftp', 'is ready in a minute', [say('120 Ready in 1 minute\r\n220 ready\r\n'), ...ftpEnd]],
  [
    'ftp',
    'is ready in several lines',
    [say('120-Ready\r\n220 no\r\n120 in 1 minute\r\n220 ready\r\n'), ...ftpEnd],
  ],
  [
    'ftp',
    'is busy before it consents',
    greetingThen(hear(/AUTH/), say('150 wait\r\n234-begin\r\nnow\r\n234 \r\n')),
  ],
  [
    'ftp',
    'knows the mechanism SSL only',
    greetingThen(hear(/AUTH TLS/), say('504 what\r\n'), hear(/AUTH SSL/), say('334 begin\r\n')),
  ],
  [
    'smtp',
    'ends lines with a line feed only',
    [say('220-a\n220 b\n'), hear(/EHLO/), say('250-x\n250 starttls\n'), ...smtpEnd],
  ],
  [
    'smtp',
    'consents in several lines',
    greetingThen(
      hear(/EHLO/),
      say('250-x\r\n250 STARTTLS\r\n'),
      hear(/STARTTLS/),
      say('220-go\r\n220 on\r\n'),
    ),
  ],
  [
    'lmtp',
    'has the code alone for last line',
    greetingThen(hear(/LHLO/), say('250-x\r\n250-STARTTLS\r\n250\r\n'), ...smtpEnd),
  ],
  ['nntp', 'has no text', [say('200\r\n'), hear(/STARTTLS/), say('382\r\n')]],
  ['pop3', 'has no text', [say('+OK\r\n'), hear(/STLS/), say('+OK\r\n')]],
  [
    'imap',
    'tells of other things first, one in a literal',
    [
      say('* OK hi\r\n'),
      hear(/STARTTLS/),
      say('* OK not a literal {3}\r\n* LIST (x) "/" {14}\r\na1 NO not this\r\n+ idling\r\nA1 OK begin\r\n'),
    ],
  ],
  [
    'sieve',
    'gives literals',
    [
      say('"IMPLEMENTATION" {9}\r\nOK x\r\nNO \r\n{8}\r\nSTARTTLS\r\n"SASL" ""\r\nOK {2}\r\nhi\r\n'),
      hear(/STARTTLS/),
      say('OK (TAG {2}\r\nNO) "begin"\r\n'),
    ],
  ],
  [
    'irc',
    'tags its lines',
    [hear(/STARTTLS/), say('@time=1;x=y :irc NOTICE * :hi\r\n@time=2 :irc 670 me :go\r\n')],
  ],
  [
    'xmpp-client',
    'gives the namespace a prefix',
    xmpp(
      `<stream:features><t:starttls xmlns:t='${tlsNamespace}'/></stream:features>`,
      `<t:proceed xmlns:t="${tlsNamespace}"></t:proceed>`,
    ),
  ],
  [
    'xmpp-client',
    'writes comments and spaces',
    xmpp(
      `\n<!-- > </stream:features> --> ${offer}`,
      ` <!-- <failure/> --><proceed\n xmlns = "${tlsNamespace}" />`,
    ),
  ],
  [
    'xmpp-client',
    'writes declarations of its own',
    xmpp(
      `<features xmlns='http://etherx.jabber.org/streams'><starttls xmlns='&#117;rn:ietf:params:xml:ns:xmpp-tls'><required/></starttls></features>`,
    ),
  ],
  [
    'xmpp-client',
    'sends other elements first',
    xmpp(
      `<message><body>&lt;stream:error&gt;<![CDATA[</stream:stream>]]></body></message>${offer}`,
      `<iq/>${proceed}`,
    ),
  ],
];

/** What is said when it declines reaches the detail. */
const declining: readonly (readonly [
  kind: StarttlsKind,
  name: string,
  steps: readonly Step[],
  detail: RegExp,
])[] = [
  [
    'smtp',
    'in several lines',
    [say('554-Your address\r\n554-is blocked,\r\n554 see http://x.example\r\n')],
    /^554-?Your address is blocked, see http:\/\/x\.example$/,
  ],
  ['smtp', 'in UTF-8', [say('554 zu müde\r\n')], /zu müde/],
  ['smtp', 'in Latin-1', [say(Buffer.from('554 zu müde\r\n', 'latin1'))], /zu müde/],
  [
    'smtp',
    'by an offer of other things',
    greetingThen(hear(/EHLO/), say('250-x\r\n250 STARTTLSX\r\n')),
    /not offered: 250-x STARTTLSX/,
  ],
  [
    'ftp',
    'in several lines',
    greetingThen(hear(/AUTH/), say('530-not\r\n100 times\r\n530 here\r\n')),
    /530-not 100 times here/,
  ],
  [
    'nntp',
    'in words',
    [say('200 x\r\n'), hear(/STARTTLS/), say('483 no encryption\r\n')],
    /483 no encryption/,
  ],
  [
    'imap',
    'in the middle',
    [say('* OK x\r\n'), hear(/STARTTLS/), say('* 1 EXISTS\r\n* BYE overloaded\r\n')],
    /BYE overloaded/,
  ],
  ['sieve', 'by a literal', [say('OK\r\n'), hear(/STARTTLS/), say('NO {8}\r\nnot now!\r\n')], /not now!/],
  [
    'xmpp-client',
    'by a stream error',
    [
      { read: />$/ },
      say(
        `${xmppOpen}<stream:error><host-unknown xmlns='urn:ietf:params:xml:ns:xmpp-streams'/><text xmlns='urn:ietf:params:xml:ns:xmpp-streams'><![CDATA[no <such> host]]></text></stream:error></stream:stream>`,
      ),
    ],
    /^stream error: host-unknown, text \(no <such> host\)$/,
  ],
  ['xmpp-client', 'by an end', [{ read: />$/ }, say(`${xmppOpen}</stream:stream>`)], /the stream was closed/],
  [
    'xmpp-client',
    'after a lone features element in another namespace',
    [
      { read: />$/ },
      say(`${xmppOpen}<features><starttls xmlns='${tlsNamespace}'/></features></stream:stream>`),
    ],
    /the stream was closed/,
  ],
  [
    'xmpp-client',
    'by an element of the wrong namespace',
    [{ read: />$/ }, say(`${xmppOpen}<stream:features><starttls/></stream:features>`)],
    /not offered: features \(starttls\)/,
  ],
  [
    'xmpp-client',
    'with a document type',
    [{ read: />$/ }, say('<!DOCTYPE x [<!ENTITY a "b">]><x/>')],
    /document type/,
  ],
  [
    'xmpp-client',
    'as a web server',
    [{ read: />$/ }, say('HTTP/1.1 400 Bad Request\r\n\r\n')],
    /not XML.*HTTP\/1\.1 400 Bad Request/,
  ],
  [
    'ldap',
    'in words',
    [{ read: /./s }, say(ldapAnswer(52, 'TLS is not configured'))],
    /resultCode 52 \(unavailable\): TLS is not configured/,
  ],
  [
    'ldap',
    'by a referral',
    [{ read: /./s }, say(hex('301c 020101 7817 0a010a 0400 0400 a30e 040c 6c6461703a2f2f782e79 2f61'))],
    /resultCode 10 \(referral\): ldap:\/\/x\.y\/a/,
  ],
  [
    'ldap',
    'by a notice of disconnection',
    [{ read: /./s }, say(hex('300e 020100 7809 0a0102 0400 0402 6e6f'))],
    /resultCode 2 \(protocolError\): no/,
  ],
  [
    'postgres',
    'by an error',
    [
      { read: /./s },
      say(
        Buffer.concat([
          Buffer.from('E'),
          hex('0000002a'),
          Buffer.from('SFATAL\0C53300\0Msorry, too many clients\0\0', 'latin1'),
        ]),
      ),
    ],
    /sorry, too many clients \(SQLSTATE 53300\)/,
  ],
  [
    'postgres',
    'by an error of old',
    [{ read: /./s }, say('EFATAL 1: no room\n\0')],
    /the server answered.*no room|no room/,
  ],
  [
    'mysql',
    'with a state',
    [say(Buffer.concat([hex('19000000 ff 1004'), Buffer.from('#08004Too many connections'.slice(0, 22))]))],
    /error 1040 \(08004\): Too many connect/,
  ],
  [
    'mssql',
    'by an error token',
    [
      { read: /./s },
      say(hex('0401 0023 0000 0100 aa 1800 f6420000 01 0e 0600 7000610075007300650064 00 00 00 00000000')),
    ],
    /error 17142: paused/,
  ],
  [
    'rdp',
    'by a code',
    [{ read: /./s }, say(hex('03 00 00 13 0e d0 00 00 12 34 00 03 00 0800 05000000'))],
    /RDP_NEG_FAILURE 5 \(HYBRID_REQUIRED_BY_SERVER\)/,
  ],
];

describe('Replies before TLS', { concurrency: 10 }, () => {
  for (const [kind, name, steps] of consenting)
    it(`are read when ${kind} ${name}`, async () => {
      const { outcome, detail, certificate } = await seen(kind, steps);
      assert.equal(outcome, 'ok', `${outcome} ${detail}`);
      assert.equal(certificate?.sha256, leaf.sha256);
    });

  for (const [kind, name, steps, expected] of declining)
    it(`reach the detail when ${kind} declines ${name}`, async () => {
      const { outcome, detail } = await seen(kind, steps);
      assert.equal(outcome, 'starttls-refused', `${outcome} ${detail}`);
      assert.match(detail ?? '', expected);
    });

  for (const kind of [
    'smtp',
    'lmtp',
    'imap',
    'pop3',
    'ftp',
    'nntp',
    'sieve',
    'irc',
    'xmpp-client',
    'xmpp-server',
    'ldap',
    'postgres',
    'rdp',
  ] as const)
    it(`are read when ${kind} sends them byte by byte`, async () => {
      const { outcome, detail } = await seen(kind, good[kind], { isDripping: true, host: '127.0.0.1' });
      assert.equal(outcome, 'ok', `${outcome} ${detail}`);
    });

  it('are joined when they come in several packets of TDS', async () => {
    const whole = tdsPrelogin('02').subarray(8);
    const packet = (body: Buffer, isLast: boolean): Buffer =>
      Buffer.concat([Buffer.of(4, isLast ? 1 : 0, 0, 8 + body.length, 0, 0, 1, 0), body]);
    const said = Buffer.concat([packet(whole.subarray(0, 7), false), packet(whole.subarray(7), true)]);
    assert.match((await seen('mssql', [{ read: /./s }, say(said)])).detail ?? '', /NOT_SUP/);
  });

  it('leave their last words when the server ends or falls silent amid them', async () => {
    const ending = await rawServer((socket) => socket.end('421 too bu'));
    const silent = await rawServer((socket) => socket.write('220-wait\r\n'));
    const mute = await rawServer(() => undefined);
    const look = (server: typeof mute): Promise<Observation> =>
      probe(targetAt(server, { starttls: 'smtp' }), probeOptions({ depth: 'fast', deadlineMs: 500 }), signal);
    const [ended, silenced, muted] = await Promise.all([look(ending), look(silent), look(mute)]);
    await Promise.all([ending.close(), silent.close(), mute.close()]);
    assert.deepEqual([ended.outcome, ended.detail], ['closed', 'after "421 too bu"']);
    assert.deepEqual([silenced.outcome, silenced.detail], ['silent', 'after "220-wait"']);
    assert.match(muted.detail ?? '', /no word of smtp; .*--starttls none/);
  });

  it('are numbered on from the greeting of MySQL', async () => {
    const greeting = mysqlGreeting(0xfffe);
    greeting.writeUInt8(4, 3);
    const server = await tlsServer({
      certificate: leaf,
      async before(socket) {
        socket.write(greeting);
        await new Promise((resolve) => socket.once('readable', resolve));
        assert.equal((socket.read(36) as Buffer)[3], 5);
      },
    });
    const { outcome } = await probe(
      targetAt(server, { starttls: 'mysql' }),
      probeOptions({ depth: 'fast' }),
      signal,
    );
    await server.close();
    assert.equal(outcome, 'ok');
  });

  it('are asked of the domain in U-labels and brackets', async () => {
    for (const [host, to] of [
      ['xn--mnchen-3ya.example', /to='münchen\.example'/],
      ['::1', /to='\[::1\]'/],
    ] as const) {
      const steps = [
        { read: new RegExp(Buffer.from(to.source).toString('latin1')) },
        ...xmpp(offer).slice(1),
      ];
      assert.equal((await seen('xmpp-client', steps, { host })).outcome, 'ok', host);
    }
  });
});
