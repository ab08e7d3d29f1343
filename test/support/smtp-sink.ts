import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { simpleParser, type ParsedMail } from 'mailparser';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';

/** One message as it came over the wire. */
export interface SunkMail {
  readonly from: string;
  readonly to: readonly string[];
  readonly raw: Buffer;
  readonly parsed: ParsedMail;
  /** The session was encrypted, and who had logged in. */
  readonly secure: boolean;
  readonly user: string | null;
}

/** A real SMTP server on loopback that keeps what it gets. */
export interface SmtpSink {
  readonly port: number;
  readonly mails: readonly SunkMail[];
  /** Resolves once `count` messages came; the caller's test timeout is the limit. */
  received(count: number): Promise<readonly SunkMail[]>;
  close(): Promise<void>;
}

/** Starts the server. By default without TLS and login; `options` are those of smtp-server. */
export async function startSmtpSink(options: SMTPServerOptions = {}): Promise<SmtpSink> {
  const mails: SunkMail[] = [];
  const waiting: (() => void)[] = [];
  const server = new SMTPServer({
    disabledCommands: ['STARTTLS', 'AUTH'],
    logger: false,
    closeTimeout: 100,
    onData(stream, session, done) {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.once('end', () => {
        const raw = Buffer.concat(chunks);
        void simpleParser(raw).then((parsed) => {
          const from = session.envelope.mailFrom === false ? '' : session.envelope.mailFrom.address;
          const to = session.envelope.rcptTo.map(({ address }) => address);
          mails.push({ from, to, raw, parsed, secure: session.secure, user: session.user ?? null });
          done();
          waiting.splice(0).forEach((wake) => wake());
        }, done);
      });
    },
    ...options,
  });
  server.on('error', () => undefined); // clients that hang up are part of the tests
  server.listen(0, '127.0.0.1');
  await once(server.server, 'listening');
  return {
    port: (server.server.address() as AddressInfo).port,
    mails,
    async received(count) {
      while (mails.length < count) await new Promise<void>((wake) => waiting.push(wake));
      return mails;
    },
    close: () => new Promise((resolve) => server.close(resolve)),
  };
}
