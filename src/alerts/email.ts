import { createTransport, type NodemailerError } from 'nodemailer';
import { z } from 'zod';
import { pemText } from '../lib/pem-text.js';
import { printable } from '../lib/printable.js';
import { secretString } from '../lib/secret.js';
import { channelKind, type Channel, type ChannelContext, type Message, type SendResult } from './channel.js';
import { sayable } from './http/receiver.js';
import { mailOf } from './message/mail.js';

const mailbox = z
  .string()
  .regex(/^[^\s<>@,;:"]+@[^\s<>@,;:"]+$/, 'must be a bare address, for example ops@example.com');

const hostName = z.string().regex(/^[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?$/, 'must be a host name');

const dkim = z
  .strictObject({
    domain: hostName.describe('Domain that signs, usually that of `from`.'),
    selector: hostName.describe('Selector: the key is published as SELECTOR._domainkey.DOMAIN.'),
    privateKey: secretString
      .refine((key) => key.includes('-----BEGIN'), 'must be a private key in PEM, best as file:PATH')
      .describe('Private key in PEM.'),
  })
  .nullable()
  .default(null)
  .describe('Signs every message (RFC 6376). Not needed when the SMTP server signs.');

const config = z
  .strictObject({
    type: z.literal('email').describe('E-mail over SMTP.'),
    host: z.string().min(1).default('127.0.0.1').describe('SMTP server.'),
    port: z.number().int().min(1).max(65_535).default(587).describe('Usually 587, or 465 with `implicit`.'),
    security: z
      .enum(['starttls', 'implicit', 'none'])
      .default('starttls')
      .describe('`starttls` (required, never skipped), `implicit` (TLS from the first byte) or `none`.'),
    ca: pemText
      .nullable()
      .default(null)
      .describe('Certificate authority to trust instead of the usual ones: path of a PEM file, or PEM text.'),
    user: secretString.nullable().default(null).describe('SMTP user; null means no login.'),
    password: secretString.nullable().default(null).describe('SMTP password, best as ${ENV} or file:PATH.'),
    ehloName: hostName
      .nullable()
      .default(null)
      .describe('Name sent in EHLO; null means the name of this host. Some relays check it.'),
    from: mailbox.describe('Address the messages come from.'),
    to: z.array(mailbox).min(1).max(100).describe('Addresses the messages go to.'),
    dkim,
    timeoutSeconds: z
      .number()
      .min(1)
      .max(300)
      .default(60)
      .describe('Seconds that sending one message may take, from connecting to the end.'),
  })
  .refine(({ user, password }) => (user === null) === (password === null), {
    path: ['password'],
    message: 'user and password must be given together',
  })
  .refine(({ user, security, host }) => user === null || security !== 'none' || isLoopback(host), {
    path: ['security'],
    message: 'a password must not be sent in plain text; write starttls or implicit',
  });

/** How mail is sent. */
export type EmailConfig = z.infer<typeof config>;

/** A report as a mail: a sentence, and the report attached. */
export interface ReportMail {
  readonly id: string;
  readonly to: readonly string[];
  readonly subject: string;
  readonly text: string;
  readonly at: Date;
  readonly attachment: { readonly filename: string; readonly content: string; readonly contentType: string };
}

/** Sends a report over the server of a channel. Never throws: a failure is a result. */
export async function mailReport(
  settings: EmailConfig,
  mail: ReportMail,
  signal: AbortSignal,
): Promise<SendResult> {
  const { id, subject, text, at, attachment } = mail;
  const to = mail.to.length === 0 ? settings.to : [...mail.to];
  const transport = createTransport(transportOptions(settings));
  const close = (): void => transport.close();
  const ended = AbortSignal.any([signal, AbortSignal.timeout(settings.timeoutSeconds * 1000)]);
  ended.addEventListener('abort', close, { once: true });
  try {
    const header = envelope({ ...settings, to }, { id, replyTo: [], createdAt: at.toISOString() });
    const sent = await transport.sendMail({
      ...header,
      subject: `[Certglass] ${printable(subject, 180)}`,
      text,
      attachments: [attachment],
      signal: ended,
    });
    return accepted(sent.accepted.length, sent.rejectedErrors ?? [], settings);
  } catch (error) {
    return refused(error, settings);
  } finally {
    ended.removeEventListener('abort', close);
    close();
  }
}

/**
 * E-mail by SMTP. The Message-ID is made of the delivery's id and the sender's domain, so that receivers can recognise a repeat, and
 * later messages about the same findings refer to it: a mail client shows them as one conversation.
 */
export const email = channelKind({
  takes: 'digest',
  config,
  example: {
    type: 'email',
    host: 'smtp.example.com',
    user: 'alerts',
    password: '${SMTP_PASSWORD}',
    from: 'certglass@example.com',
    to: ['oncall@example.com'],
  },
  create: createEmail,
});

function createEmail(options: EmailConfig, { name, log }: ChannelContext): Channel {
  const transport = createTransport(transportOptions(options));
  return {
    async send(message, signal) {
      const deadline = AbortSignal.timeout(options.timeoutSeconds * 1000);
      try {
        const sent = await transport.sendMail({
          ...envelope(options, message),
          ...mailOf(message),
          signal: AbortSignal.any([signal, deadline]),
        });
        return accepted(sent.accepted.length, sent.rejectedErrors ?? [], options);
      } catch (error) {
        const result = refused(error, options);
        log.debug({ channel: name, delivery: message.id, detail: result.detail }, 'e-mail failed');
        return result;
      }
    },
    async verify(signal) {
      const close = (): void => transport.close();
      signal.addEventListener('abort', close, { once: true });
      return transport.verify().then(
        () => null,
        (error: unknown) => refused(error, options).detail,
      );
    },
    async close() {
      transport.close();
    },
  };
}

function transportOptions(config: EmailConfig) {
  const timeout = config.timeoutSeconds * 1000;
  const tls = config.ca === null ? {} : { tls: { ca: config.ca } };
  const auth = config.user === null ? {} : { auth: { user: config.user, pass: config.password ?? '' } };
  return {
    host: config.host,
    port: config.port,
    secure: config.security === 'implicit',
    requireTLS: config.security === 'starttls',
    ignoreTLS: config.security === 'none',
    connectionTimeout: timeout,
    greetingTimeout: timeout,
    socketTimeout: timeout,
    disableFileAccess: true,
    disableUrlAccess: true,
    ...(config.ehloName === null ? {} : { name: config.ehloName }),
    ...(config.dkim === null
      ? {}
      : {
          dkim: {
            domainName: config.dkim.domain,
            keySelector: config.dkim.selector,
            privateKey: config.dkim.privateKey,
          },
        }),
    ...tls,
    ...auth,
  };
}

function envelope(
  { from, to }: Pick<EmailConfig, 'from' | 'to'>,
  message: Pick<Message, 'id' | 'replyTo' | 'createdAt'>,
) {
  const domain = from.slice(from.lastIndexOf('@') + 1);
  const references = message.replyTo.map((id) => `<${id}@${domain}>`);
  return {
    from: { name: 'Certglass', address: from },
    to: [...to],
    messageId: `<${message.id}@${domain}>`,
    ...(references[0] === undefined ? {} : { inReplyTo: references[0], references: references.toReversed() }),
    date: new Date(message.createdAt),
    headers: { 'Auto-Submitted': 'auto-generated', 'X-Certglass-Delivery': message.id },
    textEncoding: 'base64' as const,
  };
}

/** Accepted for at least one recipient counts as sent: a repeat would reach that one twice. The others are named. */
function accepted(taken: number, errors: readonly NodemailerError[], config: EmailConfig): SendResult {
  const refusals = errors.map(({ recipient, message }) => `${recipient} (${printable(message, 120)})`);
  const rest = errors.length === 0 ? '' : `, refused for ${refusals.join(', ')}`;
  const detail = sayable(`accepted for ${taken}${rest}`, [config.password, config.user], 1_000);
  return { ok: true, permanent: false, partial: errors.length > 0, retryAfterMs: null, detail };
}

const noStarttls = 'the mail server offers no STARTTLS; set security: none or implicit';

/** 5xx answers to the envelope or the message are final (RFC 5321 section 4.2.1); a failed login is not: the operator can fix it. */
function refused(error: unknown, config: EmailConfig): SendResult {
  const { code, responseCode, message } = smtpFacts(error);
  return {
    ok: false,
    permanent: (code === 'EENVELOPE' || code === 'EMESSAGE') && responseCode >= 500,
    retryAfterMs: null,
    detail: sayable(code === 'ETLS' && responseCode >= 500 ? `${noStarttls} (${message})` : message, [
      config.password,
      config.user,
    ]),
  };
}

function smtpFacts(error: unknown): { code: string; responseCode: number; message: string } {
  const facts = (error ?? {}) as { code?: unknown; responseCode?: unknown; message?: unknown };
  return {
    code: String(facts.code ?? ''),
    responseCode: Number(facts.responseCode ?? 0),
    message: String(facts.message || facts.code || 'failed'),
  };
}

function isLoopback(host: string): boolean {
  return /^(localhost|127\.\d+\.\d+\.\d+|::1)$/.test(host);
}
