import type { StarttlsKind, Target } from '../../../src/model/target.js';
import { failure, type Connection } from '../wire/connection.js';
import { mysql, postgres, rdp } from './binary.js';
import { Conversation, RefusedError, type Dialogue } from './conversation.js';
import { ldap } from './ldap.js';
import { mssql, TdsStream } from './tds.js';
import { ftp, imap, irc, lmtp, nntp, pop3, sieve, smtp } from './text.js';
import { words } from './words.js';
import { xmppClient, xmppServer } from './xmpp.js';

const dialogues: Readonly<Record<StarttlsKind, Dialogue>> = {
  smtp,
  lmtp,
  imap,
  pop3,
  ftp,
  ldap,
  postgres,
  mysql,
  'xmpp-client': xmppClient,
  'xmpp-server': xmppServer,
  nntp,
  sieve,
  rdp,
  mssql,
  irc,
};

/**
 * Brings a connection to the point where TLS may begin, then hands it to `talk`. A server that will not is
 * `starttls-refused`, with its own words as detail; one that ends the connection or falls silent on the way leaves its
 * last words.
 */
export function startTls(
  target: Target,
  connection: Connection,
  talk: (connection: Connection) => void,
): void {
  const { starttls } = target;
  if (starttls === null) return talk(connection);
  const { socket } = connection;
  const conversation = new Conversation(socket);
  const party = { host: target.serverName ?? target.host, localAddress: socket.localAddress ?? '' };
  connection.explain(() => unfinished(starttls, conversation.lastWords()));
  dialogues[starttls](conversation, party)
    .then(() => {
      conversation.release();
      connection.explain(null);
      if (starttls !== 'mssql') return talk(connection);
      const stream = new TdsStream(socket);
      talk({
        socket,
        stream,
        listen: (listener) => void stream.on('data', listener),
        cover: (over) => connection.cover(over),
        explain: (explanation) => connection.explain(explanation),
        finish: (look) => connection.finish(look),
      });
    })
    .catch((error: unknown) => {
      const detail = words(error instanceof Error ? error.message : String(error));
      connection.finish(
        failure(error instanceof RefusedError ? 'starttls-refused' : 'protocol-error', detail),
      );
    });
}

function unfinished(starttls: StarttlsKind, lastWords: string): string {
  if (lastWords !== '') return `after ${JSON.stringify(words(lastWords))}`;
  return `no word of ${starttls}; if the port begins with TLS, scan it with --starttls none`;
}
