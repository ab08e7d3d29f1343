import type { StarttlsKind, Target } from '../../../src/model/target.js';
import { failure, type Connection } from '../wire/connection.js';
import { ldap, mysql, postgres, rdp } from './binary.js';
import { Conversation, RefusedError } from './conversation.js';
import { mssql, TdsStream } from './tds.js';
import {
  ftp,
  imap,
  irc,
  lmtp,
  nntp,
  pop3,
  sieve,
  smtp,
  xmppClient,
  xmppServer,
  type Dialogue,
} from './text.js';

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
 * `starttls-refused`, with its own words as detail.
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
  dialogues[starttls](conversation, party)
    .then(() => {
      conversation.release();
      if (starttls !== 'mssql') return talk(connection);
      const stream = new TdsStream(socket);
      talk({
        socket,
        stream,
        listen: (listener) => void stream.on('data', listener),
        cover: (over) => connection.cover(over),
        finish: (look) => connection.finish(look),
      });
    })
    .catch((error: unknown) => {
      const detail = error instanceof Error ? error.message : String(error);
      connection.finish(
        failure(error instanceof RefusedError ? 'starttls-refused' : 'protocol-error', detail.slice(0, 200)),
      );
    });
}
