import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { email } from '../../src/alerts/email.js';
import { mailOf } from '../../src/alerts/message/mail.js';
import type { Message } from '../../src/alerts/channel.js';
import type { Finding } from '../../src/model/finding.js';
import { issueCa, issueFor } from '../support/pki.js';
import { startSmtpSink, type SmtpSink } from '../support/smtp-sink.js';
import { finding, findings, hostileTexts, message, openChannel } from './samples.js';

const never = new AbortController().signal;

async function sendTo(
  port: number,
  list: readonly Finding[],
  parts: object = {},
  signal = never,
  about: Partial<Message> = {},
) {
  const channel = openChannel(email, {
    host: '127.0.0.1',
    port,
    security: 'none',
    user: null,
    password: null,
    from: 'certglass@example.com',
    to: ['ops@example.com'],
    ...parts,
  });
  try {
    return await channel.send(await message(list, about), signal);
  } finally {
    await channel.close();
  }
}

describe('e-mail', () => {
  let sink: SmtpSink;
  before(async () => {
    sink = await startSmtpSink();
  });
  after(() => sink.close());

  it('reports one finding, as text and HTML, to all recipients', async () => {
    const result = await sendTo(sink.port, [finding()], { to: ['a@example.com', 'b@example.com'] });
    assert.deepEqual(result, {
      ok: true,
      permanent: false,
      partial: false,
      retryAfterMs: null,
      detail: 'accepted for 2',
    });
    const mail = sink.mails.at(-1)!;
    assert.deepEqual(mail.to, ['a@example.com', 'b@example.com']);
    assert.equal(mail.from, 'certglass@example.com');
    assert.equal(mail.parsed.subject, '[Certglass] CRITICAL: Certificate has expired (www.example.com:443)');
    assert.match(mail.parsed.text ?? '', /\nWhere: www\.example\.com:443 \(192\.0\.2\.1\)\n/);
    assert.match(mail.parsed.text ?? '', /\ndaysOver: 22\n/);
    assert.match(mail.parsed.text ?? '', /\nWhat to do: Renew it, and reload every server that uses it\.\n/);
    assert.match(
      mail.parsed.text ?? '',
      /\nOpen in Certglass: https:\/\/certglass\.example\.com\/findings\/f{32}\n/,
    );
    assert.match(String(mail.parsed.html), /<td class="l">daysOver<\/td><td>22<\/td>/);
    assert.equal(mail.parsed.messageId, `<${'d'.repeat(32)}@example.com>`);
    assert.equal(mail.parsed.inReplyTo, undefined);
    assert.equal(mail.parsed.headers.get('auto-submitted'), 'auto-generated');
  });

  it('RFC 5322: a resolution refers to the alert before it, so that mail clients show one conversation', async () => {
    await sendTo(sink.port, [finding()], {}, never, { id: 'a'.repeat(32) });
    const alert = sink.mails.at(-1)!.parsed;
    const replyTo = ['a'.repeat(32), '9'.repeat(32)];
    await sendTo(sink.port, [finding({ state: 'resolved' })], {}, never, { id: 'b'.repeat(32), replyTo });
    const resolution = sink.mails.at(-1)!.parsed;
    assert.equal(resolution.inReplyTo, alert.messageId);
    assert.deepEqual(resolution.references, [`<${'9'.repeat(32)}@example.com>`, alert.messageId]);
  });

  it('says the EHLO name it is given', async () => {
    const names: string[] = [];
    const greeted = await startSmtpSink({
      onMailFrom: (_address, session, done) => {
        names.push(session.hostNameAppearsAs);
        done();
      },
    });
    await sendTo(greeted.port, [finding()], { ehloName: 'monitor.example.com' });
    assert.deepEqual(names, ['monitor.example.com']);
    await greeted.close();
  });

  it('signs with DKIM when it has a key', async () => {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    await sendTo(sink.port, [finding()], {
      dkim: { domain: 'example.com', selector: 'alerts', privateKey: pem },
    });
    const raw = sink.mails.at(-1)!.raw.toString();
    assert.match(raw, /^DKIM-Signature: v=1; a=rsa-sha256; [^]*d=example\.com;[^]*s=alerts/m);
  });

  it('says where in words, whatever the finding is about', async () => {
    const whereOf = async (parts: Partial<Finding>): Promise<string> => {
      const { text } = mailOf(await message([finding({ host: null, ...parts })]));
      return /^Where: (.*)$/m.exec(text)?.[1] ?? '';
    };
    const endpoint = (key: string) => whereOf({ subject: { kind: 'endpoint', key } });
    assert.equal(
      await endpoint('mail.example.com|2001:db8::1|25||smtp'),
      'mail.example.com:25 (2001:db8::1, no server name sent, STARTTLS smtp)',
    );
    assert.match(await endpoint('2001:db8::1||443||'), /^\[2001:db8::1\]:443 \(the name did not resolve/);
    const log = { kind: 'ct-log', key: 'b'.repeat(64) } as const;
    assert.equal(await whereOf({ subject: log, details: { log: 'Oak 2027h1' } }), 'CT log Oak 2027h1');
    assert.equal(await whereOf({ subject: { kind: 'self', key: 'store' } }), 'Certglass, store');
  });

  it('reports a resolution', async () => {
    await sendTo(sink.port, [finding({ state: 'resolved', resolvedAt: new Date('2026-11-23T13:00:00Z') })]);
    const { subject, text } = sink.mails.at(-1)!.parsed;
    assert.match(subject ?? '', /^\[Certglass\] RESOLVED: /);
    assert.match(text ?? '', /\nResolved: 2026-11-23 13:00 UTC; open since 2026-11-23 10:00 UTC/);
    assert.doesNotMatch(text ?? '', /What to do/);
  });

  it('A2, A4: reports 50,000 findings in one message under 1 MB, and how many it leaves out', async () => {
    await sendTo(sink.port, findings(50_000));
    const { raw, parsed } = sink.mails.at(-1)!;
    assert.ok(raw.length < 1_000_000, `${raw.length} bytes`);
    assert.equal(parsed.subject, '[Certglass] 16667 critical, 16666 error, 16667 warning');
    assert.match(parsed.text ?? '', /\nand 49900 more - All of them: https:\/\/certglass\.example\.com\//);
  });

  it('A4: no hostile text adds a header, a recipient or markup', async () => {
    for (const text of hostileTexts) {
      const subject = { kind: 'endpoint', key: text } as const;
      const hostile = finding({ title: text, rule: text, host: text, subject, details: { [text]: text } });
      for (const list of [[hostile], [hostile, finding({ host: text })]]) {
        await sendTo(sink.port, list);
        const { raw, parsed, to } = sink.mails.at(-1)!;
        assert.deepEqual(to, ['ops@example.com']);
        assert.deepEqual([...parsed.headers.keys()].sort(), expectedHeaders, text.slice(0, 30));
        assert.ok(raw.length < 1_000_000);
        assert.doesNotMatch(
          `${parsed.subject}${parsed.text}`.replaceAll('\n', ''),
          /[\p{Cc}\p{Cf}\u2028\u2029]/u,
        );
        assert.deepEqual(tagsOf(String(parsed.html)), expectedTags, text.slice(0, 30));
      }
    }
  });

  it('stays under 1 MB when every finding is as large as can be', async () => {
    const wide = '\u4e16'.repeat(400);
    const details = Object.fromEntries(Array.from({ length: 20 }, (_, n) => [`${n}${wide}`, wide]));
    const list = findings(300).map((one) => ({ ...one, details, title: wide }));
    const { text, html } = mailOf(await message(list));
    assert.ok((Buffer.byteLength(text) + Buffer.byteLength(html)) * 1.37 < 1_000_000);
    assert.match(text, /and \d+ more/);
  });

  it('looks right in dark mode and in a narrow client: no images, no fixed width, colours for both', async () => {
    const { html } = mailOf(await message([finding()]));
    assert.match(html, /<meta name="color-scheme" content="light dark">/);
    assert.match(html, /prefers-color-scheme:dark/);
    assert.match(html, /max-width:480px/);
    assert.doesNotMatch(html, /<img|[^-]width:[4-9]\d\dpx/);
  });
});

const expectedHeaders = [
  'auto-submitted',
  'content-type',
  'date',
  'from',
  'message-id',
  'mime-version',
  'subject',
  'to',
  'x-certglass-delivery',
];
const expectedTags = [
  ...[
    'a',
    'body',
    'h1',
    'h2',
    'head',
    'html',
    'main',
    'meta',
    'p',
    'section',
    'span',
    'style',
    'table',
    'td',
  ],
  ...['title', 'tr'],
];
const tagsOf = (html: string): string[] =>
  [...new Set([...html.matchAll(/<([a-z][a-z0-9]*)/gi)].map(([, tag]) => tag!.toLowerCase()))].sort();

describe('SMTP failures', () => {
  for (const [name, options, expected] of [
    ['a recipient refused for good', { onRcptTo: answer(550, 'no such user') }, true],
    ['a recipient refused for now', { onRcptTo: answer(450, 'try later') }, false],
    ['a sender refused for good', { onMailFrom: answer(553, 'go away') }, true],
    ['a message refused for good', { onData: refuseData(554) }, true],
    ['a message refused for now', { onData: refuseData(452) }, false],
  ] as const) {
    it(`calls ${name} ${expected ? 'permanent' : 'worth another try'}`, async () => {
      const sink = await startSmtpSink(options);
      const result = await sendTo(sink.port, [finding()]);
      assert.equal(result.ok, false);
      assert.equal(result.permanent, expected, result.detail);
      await sink.close();
    });
  }

  it('counts a message as sent when one of two recipients is refused, and names that one', async () => {
    const sink = await startSmtpSink({
      onRcptTo: (to, _session, done) => done(to.address.startsWith('bad') ? failure(550, 'unknown') : null),
    });
    const result = await sendTo(sink.port, [finding()], { to: ['bad@example.com', 'good@example.com'] });
    assert.equal(result.ok, true);
    assert.equal(result.partial, true);
    assert.match(result.detail, /^accepted for 1, refused for bad@example\.com \(.*550 unknown\)$/);
    await sink.close();
  });

  it('is retried when nobody listens', async () => {
    const result = await sendTo(1, [finding()]);
    assert.equal(result.ok, false);
    assert.equal(result.permanent, false);
    assert.match(result.detail, /ECONNREFUSED/);
  });

  it('keeps its absolute deadline against a server that drips', async () => {
    const drips: NodeJS.Timeout[] = [];
    const server = createServer((socket) => {
      drips.push(setInterval(() => socket.write('220-slow\r\n'), 50));
      socket.on('error', () => undefined);
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const startedAt = performance.now();
    const result = await sendTo((server.address() as AddressInfo).port, [finding()], { timeoutSeconds: 1 });
    assert.equal(result.ok, false);
    assert.ok(performance.now() - startedAt < 2_000);
    drips.forEach(clearInterval);
    server.close();
  });

  it('ends at once when told to stop', async () => {
    const stop = new AbortController();
    const server = createServer((socket) => {
      socket.on('error', () => undefined);
      stop.abort();
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const result = await sendTo((server.address() as AddressInfo).port, [finding()], {}, stop.signal);
    assert.equal(result.ok, false);
    server.close();
  });
});

describe('SMTP security', () => {
  const ca = issueCa();
  const server = issueFor('127.0.0.1', { issuer: ca });
  const tls = { key: server.keyPem, cert: server.pem };

  for (const security of ['starttls', 'implicit'] as const)
    it(`logs in over ${security}`, async () => {
      const sink = await startSmtpSink({
        ...tls,
        secure: security === 'implicit',
        disabledCommands: [],
        onAuth: (login, _session, done) =>
          login.password === 'canary'
            ? done(null, { user: login.username ?? '' })
            : done(failure(535, 'bad password canary')),
      });
      const account = { security, ca: ca.pem, user: 'alerts' };
      assert.equal((await sendTo(sink.port, [finding()], { ...account, password: 'canary' })).ok, true);
      assert.equal(sink.mails[0]?.secure, true);
      assert.equal(sink.mails[0]?.user, 'alerts');
      const refused = await sendTo(sink.port, [finding()], { ...account, password: 'wrong' });
      assert.equal(refused.ok, false);
      assert.equal(refused.permanent, false);
      await sink.close();
    });

  it('sends nothing to a server that offers no STARTTLS, or that nobody vouches for', async () => {
    const plain = await startSmtpSink();
    const declined = await sendTo(plain.port, [finding()], { security: 'starttls' });
    assert.equal(declined.ok, false);
    assert.match(declined.detail, /^the mail server offers no STARTTLS; set security: none or implicit/);
    assert.equal(plain.mails.length, 0);
    await plain.close();
    const unknown = await startSmtpSink({ ...tls, disabledCommands: ['AUTH'] });
    assert.equal((await sendTo(unknown.port, [finding()], { security: 'starttls' })).ok, false);
    assert.equal(unknown.mails.length, 0);
    await unknown.close();
  });

  it('S6: keeps the password out of what it says', async () => {
    const sink = await startSmtpSink({
      ...tls,
      disabledCommands: [],
      onAuth: (login, _session, done) => done(failure(535, `no: ${login.username} ${login.password}`)),
    });
    const result = await sendTo(sink.port, [finding()], {
      security: 'starttls',
      ca: ca.pem,
      user: 'canary-user',
      password: 'canary-password',
    });
    assert.equal(result.ok, false);
    assert.doesNotMatch(result.detail, /canary/);
    await sink.close();
  });
});

describe('e-mail configuration', () => {
  const good = { type: 'email', from: 'a@example.com', to: ['b@example.com'] };
  for (const [name, parts] of [
    ['no recipient', { to: [] }],
    ['a recipient with a line break', { to: ['a@example.com\r\nBcc: c@example.com'] }],
    ['two recipients in one', { to: ['a@example.com,b@example.com'] }],
    ['a user without a password', { user: 'x' }],
    ['a password over plain text', { user: 'x', password: 'y', security: 'none', host: 'mail.example.com' }],
  ] as const)
    it(`refuses ${name}`, () => assert.equal(email.config.safeParse({ ...good, ...parts }).success, false));
  it('takes the least that is needed', () => assert.equal(email.config.parse(good).security, 'starttls'));
});

function failure(responseCode: number, message: string): Error {
  return Object.assign(new Error(message), { responseCode });
}

function answer(code: number, message: string) {
  return (_address: unknown, _session: unknown, done: (error?: Error | null) => void) =>
    done(failure(code, message));
}

function refuseData(code: number) {
  return (stream: NodeJS.ReadableStream, _session: unknown, done: (error?: Error | null) => void) => {
    stream.resume().once('end', () => done(failure(code, 'no')));
  };
}
