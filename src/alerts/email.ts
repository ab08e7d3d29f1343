import { createTransport, type NodemailerError } from 'nodemailer';
import type { Logger } from 'pino';
import { z } from 'zod';
import { pemText } from '../lib/pem-text.js';
import { printable } from '../lib/printable.js';
import { secretString } from '../lib/secret.js';
import type { Delivery } from '../model/delivery.js';
import type { Channel, SendResult } from './channel.js';
import { mailOf } from './message/mail.js';
import { routed, routingShape } from './message/routing.js';

const mailbox = z
  .string()
  .regex(/^[^\s<>@,;:"]+@[^\s<>@,;:"]+$/, 'must be a bare address, for example ops@example.com');

/** One SMTP server and the people behind it. */
export const emailConfig = z
  .strictObject({
    type: z.literal('email').describe('E-mail over SMTP.'),
    ...routingShape,
    host: z.string().min(1).default('127.0.0.1').describe('SMTP server.'),
    port: z.number().int().min(1).max(65_535).default(587).describe('Usually 587, or 465 with `implicit`.'),
    security: z
      .enum(['starttls', 'implicit', 'none'])
      .default('starttls')
      .describe('`starttls` (refused when not offered), `implicit` (TLS from the first byte) or `none`.'),
    ca: pemText
      .nullable()
      .default(null)
      .describe('Authority to trust: path of a PEM file, or PEM text; null: the usual ones.'),
    user: secretString.nullable().default(null).describe('SMTP user; null: no login.'),
    password: secretString.nullable().default(null).describe('SMTP password, best as ${ENV} or file:.'),
    from: mailbox.describe('Address the messages come from.'),
    to: z.array(mailbox).min(1).max(100).describe('Addresses the messages go to.'),
    timeoutSeconds: z
      .number()
      .min(1)
      .max(300)
      .default(60)
      .describe('Absolute limit for one message, from connecting to the end.'),
  })
  .refine(({ user, password }) => (user === null) === (password === null), {
    path: ['password'],
    message: 'user and password must be given together',
  })
  .refine(({ user, security, host }) => user === null || security !== 'none' || isLoopback(host), {
    path: ['security'],
    message: 'a password must not be sent in plain text; write starttls or implicit',
  });

/** One SMTP server and the people behind it. */
export type EmailConfig = z.infer<typeof emailConfig>;

/** Sends digests by SMTP. The Message-ID comes from the delivery's id, so that a repeat can be told by receivers. */
export function createEmail(config: EmailConfig, log: Logger): Channel {
  const channel = routed(config);
  const transport = createTransport(transportOptions(config));
  return {
    ...channel,
    async send(delivery, findings, signal) {
      const deadline = AbortSignal.timeout(config.timeoutSeconds * 1000);
      try {
        const sent = await transport.sendMail({
          ...envelope(config, delivery),
          ...mailOf(delivery, findings),
          signal: AbortSignal.any([signal, deadline]),
        });
        return accepted(sent.accepted.length, sent.rejectedErrors ?? [], config);
      } catch (error) {
        const result = refused(error, config);
        log.debug({ channel: channel.name, delivery: delivery.id, detail: result.detail }, 'e-mail failed');
        return result;
      }
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
    ...tls,
    ...auth,
  };
}

function envelope(config: EmailConfig, delivery: Delivery) {
  return {
    from: { name: 'Certglass', address: config.from },
    to: [...config.to],
    messageId: `<${delivery.id}@certglass>`,
    date: delivery.createdAt,
    headers: { 'Auto-Submitted': 'auto-generated', 'X-Certglass-Delivery': delivery.id },
    textEncoding: 'base64' as const,
  };
}

/** Taken for at least one recipient counts as sent: a repeat would reach that one twice. The others are named. */
function accepted(taken: number, errors: readonly NodemailerError[], config: EmailConfig): SendResult {
  const refusals = errors.map(({ recipient, message }) => `${recipient} (${printable(message, 120)})`);
  const rest = errors.length === 0 ? '' : `, refused for ${refusals.join(', ')}`;
  const detail = sayable(`taken for ${taken}${rest}`, config, 1_000);
  return { ok: true, permanent: false, partial: errors.length > 0, retryAfterMs: null, detail };
}

/** 5xx answers to the envelope or the message are final (RFC 5321 section 4.2.1); a failed login is not: it can be mended. */
function refused(error: unknown, config: EmailConfig): SendResult {
  const { code, responseCode, message } = smtpFacts(error);
  return {
    ok: false,
    permanent: (code === 'EENVELOPE' || code === 'EMESSAGE') && responseCode >= 500,
    retryAfterMs: null,
    detail: sayable(message, config, 200),
  };
}

/** A server's words without this channel's secrets. */
function sayable(text: string, { user, password }: EmailConfig, maxLength: number): string {
  const secrets = [password, user].filter((secret) => secret !== null && secret !== '');
  return printable(
    secrets.reduce<string>((rest, secret) => rest.replaceAll(secret ?? '', '***'), text),
    maxLength,
  );
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
