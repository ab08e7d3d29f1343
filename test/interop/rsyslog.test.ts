import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { it } from 'node:test';
import { eventsOf } from '../../src/alerts/message/siem.js';
import { syslog } from '../../src/alerts/syslog.js';
import { hostileMessages, streamMessage } from '../alerts/streams.js';
import { openChannel } from '../alerts/samples.js';
import { temporaryFolder } from '../store/sample.js';
import { freePort } from '../support/free-port.js';

/** Debian: `rsyslog`. */
const rsyslogd = ['/usr/sbin/rsyslogd', '/usr/local/sbin/rsyslogd'].find((path) => existsSync(path));
const skip = rsyslogd === undefined ? 'no rsyslogd on this machine' : false;

/** Writes what rsyslog read out of each message: a line of JSON. */
function configuration(port: number, out: string): string {
  const fields = ['programname', 'syslogseverity-text', 'msgid'].map(
    (name) => `property(name="${name}" outname="${name}" format="jsonf") constant(value=",")`,
  );
  return `module(load="imtcp" maxSessions="10")
global(maxMessageSize="64k" parser.escapeControlCharactersOnReceive="off")
template(name="read" type="list") { constant(value="{") ${fields.join(' ')} property(name="msg" outname="msg" format="jsonf") constant(value="}\\n") }
input(type="imtcp" port="${port}" address="127.0.0.1" ruleset="all")
ruleset(name="all") { action(type="omfile" file="${out}" template="read") }
`;
}

it('is read by rsyslog as it was meant, hostile text included', { skip, timeout: 60_000 }, async () => {
  const folder = temporaryFolder();
  const [port, out, config] = [await freePort(), join(folder, 'out'), join(folder, 'rsyslog.conf')];
  writeFileSync(config, configuration(port, out));
  const server = spawn(rsyslogd ?? '', ['-n', '-f', config, '-i', join(folder, 'pid')], { stdio: 'inherit' });
  try {
    const messages = [await streamMessage(), ...(await hostileMessages())];
    const channel = openChannel(syslog, { host: '127.0.0.1', port, transport: 'tcp', format: 'json' });
    for (const message of messages) {
      // It listens a moment after it started.
      for (let tries = 0; ; tries += 1) {
        const { ok, detail } = await channel.send(message, new AbortController().signal);
        if (ok) break;
        assert.ok(tries < 100, detail);
        await delay(100);
      }
    }
    const events = messages.flatMap(eventsOf);
    const lines = (): readonly string[] =>
      existsSync(out) ? readFileSync(out, 'utf8').split('\n').slice(0, -1) : [];
    while (lines().length < events.length) await delay(50);
    const read = lines().map((line) => JSON.parse(line) as Record<string, string>);
    assert.equal(read.length, events.length);
    assert.deepEqual(new Set(read.map(({ programname }) => programname)), new Set(['certglass']));
    const ids = read.map(({ msg }) => (JSON.parse((msg ?? '').replace(/^\ufeff/, '')) as { id: string }).id);
    assert.deepEqual(ids.toSorted(), events.map(({ id }) => id).toSorted());
  } finally {
    server.kill();
    await once(server, 'exit');
  }
});
