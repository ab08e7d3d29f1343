import assert from 'node:assert/strict';
import { it } from 'node:test';
import { matrix } from '../../src/alerts/matrix.js';
import { testHttpChannel } from './http-channel.js';

// https://spec.matrix.org/v1.16/client-server-api/#put_matrixclientv3roomsroomidsendeventtypetxnid: events of 65,536 bytes, the
// transaction id makes a repeat one event; `m.mentions` says whom an event mentions.
testHttpChannel('Matrix', {
  kind: matrix,
  config: (url) => ({ homeserver: `${url}/`, accessToken: 'canary-token', room: '!room:example.com' }),
  secret: 'canary-token',
  maxBytes: 65_536,
  check({ json, path, method, headers }) {
    assert.equal(method, 'PUT');
    assert.equal(path, `/_matrix/client/v3/rooms/!room%3Aexample.com/send/m.room.message/${'d'.repeat(32)}`);
    assert.equal(headers.authorization, 'Bearer canary-token');
    assert.equal(json.msgtype, 'm.text');
    assert.deepEqual(json['m.mentions'], {});
    const tags = [...json.formatted_body.matchAll(/<\/?([a-z]+)/g)].map(([, tag]: string[]) => tag);
    assert.deepEqual(
      [...new Set(tags)].filter((tag) => !['a', 'br', 'strong'].includes(String(tag))),
      [],
    );
  },
  shown: ({ json }) => json.formatted_body,
  forbidden: /<img|href="https?:\/\/evil|@here|@room/,
});

it('wants the id of a room, not its alias', () => {
  assert.equal(matrix.config.safeParse({ ...matrix.example, room: '#ops:example.com' }).success, false);
});
