import assert from 'node:assert/strict';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { connect, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { createServer } from 'node:tls';
import { storeConfig, type StoreConfig } from '../../src/store/config.js';
import { openDatabase, openStore, type OpenStore } from '../../src/store/index.js';
import { roleStatements } from '../../src/store/plan.js';
import { preparedQueries } from '../../src/store/queries/index.js';
import { exportStore } from '../../src/store/transfer/export.js';
import { importStore } from '../../src/store/transfer/import.js';
import { daysFromNow, issueCa, issueFor } from '../support/pki.js';
import { fill } from './filled.js';
import { sampleParameters } from './sample-parameters.js';
import { certificate, embeddedConfig, log, minutes, observation, temporaryFolder } from './sample.js';
import { noServer, startServer, type RealServer } from './server.js';
import { summaryOf } from './summary.js';

const quiet = (): void => undefined;

describe('a store on a real server', { skip: noServer }, () => {
  const folder = temporaryFolder();
  let server: RealServer;
  before(async () => {
    const granted = (role: string, database: string): string =>
      roleStatements(config(database))
        .filter((statement) => statement.startsWith('GRANT') && statement.endsWith(` TO certglass_${role}`))
        .map((statement) => `<query>${statement.replace(` TO certglass_${role}`, '')}</query>`)
        .join('');
    server = await startServer(join(folder, 'server'), {
      grants: { service: granted('service', 'granted'), guest: granted('reader', 'granted') },
    });
  });
  after(() => server.kill());

  function config(database: string, change: object = {}): StoreConfig {
    return storeConfig.parse({
      mode: 'server',
      url: server === undefined ? 'http://127.0.0.1' : server.url,
      username: 'certglass',
      password: 'secret',
      database,
      dataDir: join(folder, database),
      batch: { ageMs: 0 },
      ...change,
    });
  }

  async function ask(
    sql: string,
    user: string,
    search = '',
  ): Promise<{ readonly code: string | null; readonly text: string }> {
    const headers = { 'x-clickhouse-user': user, 'x-clickhouse-key': 'secret' };
    const answer = await fetch(`${server.url}/?${search}`, { method: 'POST', body: sql, headers });
    return { code: answer.headers.get('x-clickhouse-exception-code'), text: await answer.text() };
  }

  async function looks(store: OpenStore, host: string): Promise<number> {
    return (await store.reader.listObservations({ host }, { limit: 1_000, cursor: null })).items.length;
  }

  it('is the same as one on the embedded engine, and moves from there with all it has', async () => {
    const embedded = embeddedConfig(join(folder, 'embedded'));
    const [here, there] = [await openStore(embedded, log), await openStore(config('filled'), log)];
    await fill(here);
    await fill(there);
    const expected = await summaryOf(here);
    assert.deepEqual(await summaryOf(there), expected);
    for (const { query } of preparedQueries) {
      const parameters = sampleParameters(query);
      assert.deepEqual(await there.ask(query, parameters), await here.ask(query, parameters), query.name);
    }
    assert.deepEqual(await there.damage(), []);
    await there.erase({ host: 'a.example.com' }, 'me');
    assert.equal(await looks(there, 'a.example.com'), 0);
    await Promise.all([here.close(), there.close()]);
    const source = await openDatabase(embedded, log);
    await exportStore(source, join(folder, 'export'), quiet);
    await source.close();
    const moved = await openStore(config('moved'), log);
    const database = await openDatabase(config('moved'), log);
    await importStore(database, join(folder, 'export'), quiet);
    await database.close();
    assert.deepEqual(await summaryOf(moved), expected);
    await moved.close();
  });

  it('loses and doubles nothing when the server is killed under ingest and started again', async () => {
    const store = await openStore(config('killed', { spool: { afterMs: 100 } }), log);
    let written = 0;
    const writing = (async () => {
      for (; written < 300; written += 1)
        await store.writeObservations([observation('killed.example.com', { observedAt: minutes(written) })]);
    })();
    for (const moment of [60, 140, 220]) {
      while (written < moment) await delay(5);
      await server.kill();
      await delay(20);
      server = await server.again();
    }
    await writing;
    while ((await store.health()).spooledBytes > 0) await delay(20);
    assert.equal(await looks(store, 'killed.example.com'), 300);
    await store.close();
  });

  it('stops a query inside the server when nobody waits for it any more', async () => {
    const database = await openDatabase(config('filled'), log);
    const abort = new AbortController();
    const sql = 'SELECT count() FROM numbers(300000000000) WHERE sipHash64(number) = 1';
    const running = database.rows(sql, {}, { signal: abort.signal });
    const atWork = async (): Promise<boolean> =>
      (
        await database.rows(
          `SELECT 1 FROM system.processes WHERE query LIKE '%300000000000)%' AND query NOT LIKE '%processes%'`,
        )
      ).length > 0;
    while (!(await atWork())) await delay(5);
    abort.abort(new Error('enough'));
    await assert.rejects(running, /enough/);
    const deadline = Date.now() + 20_000;
    while (await atWork()) assert.ok(Date.now() < deadline, 'it still runs');
    await database.close();
  });

  it('works with the rights that `store plan` names and no others, and guests only read', async () => {
    const user = { username: 'service', password: 'secret' };
    const store = await openStore(config('granted', user), log);
    await fill(store);
    await store.erase({ domain: 'example.com' }, 'me');
    assert.equal(await looks(store, 'c.example.org'), 2);
    await store.close();
    await assert.rejects(openStore(config('elsewhere', user), log), /Not enough privileges/);
    const guest = await openDatabase(config('granted', { username: 'guest', password: 'secret' }), log);
    assert.equal((await guest.rows('SELECT host FROM endpoints_now')).length, 3);
    await assert.rejects(guest.command('TRUNCATE TABLE audit'), /Not enough privileges|readonly/);
    await guest.close();
  });

  it('takes the roles of `store plan` as they stand, up to where this server cannot keep them', async () => {
    const noPlaceForRoles = ['495', '514'];
    for (const mode of ['server', 'cluster'] as const) {
      const planned = config('planned', mode === 'cluster' ? { mode, cluster: 'main' } : {});
      for (const statement of roleStatements(planned)) {
        const sql = statement
          .replaceAll(/ON CLUSTER `?main`?/g, '')
          .replace(/ TO certglass_\w+$/, ' TO certglass');
        const { code, text } = await ask(sql, 'certglass');
        assert.ok(noPlaceForRoles.includes(code ?? ''), `${sql}: ${text}`);
      }
    }
    assert.equal((await ask('GRANT TABLE ENGINE ON Atomic TO certglass', 'certglass')).code, '56');
  });

  it('lets a guest with `readonly = 2` send the settings that Grafana sends', async () => {
    const search = 'database=granted&max_execution_time=20&max_result_rows=1000';
    const { text } = await ask('SELECT count() FROM endpoints_now', 'guest', search);
    assert.equal(text, '3\n');
    assert.equal((await ask('TRUNCATE TABLE audit', 'guest', search)).code, '497');
  });

  it('is backed up and restored by the means of the server', async () => {
    const store = await openStore(config('saved'), log);
    await fill(store);
    const expected = await summaryOf(store);
    const database = await openDatabase(config('saved'), log);
    const file = `File('${join(folder, 'server', 'backups', 'monday')}')`;
    await database.command(`BACKUP DATABASE saved TO ${file}`);
    await database.commandOutside('DROP DATABASE saved SYNC');
    await database.commandOutside(`RESTORE DATABASE saved FROM ${file}`);
    await database.close();
    assert.deepEqual(await summaryOf(store), expected);
    await store.close();
    const reopened = await openStore(config('saved'), log);
    assert.deepEqual(await summaryOf(reopened), expected);
    await reopened.close();
  });

  it('takes rows as large as certificates get, and hostile text', async () => {
    const store = await openStore(config('large'), log);
    const names = Array.from({ length: 100_000 }, (_, index) => `${index}.${'x'.repeat(140)}.example`);
    const large = certificate('large', { names, dnsNames: names, der: Buffer.alloc(16_777_215, 7) });
    const detail = '\0\u{1f642}\ud800\r\n\t\'"\\';
    await store.writeObservations([
      observation('large.example.com', { certificate: large, chain: [large], detail }),
    ]);
    const [look] = (await store.reader.listObservations({}, { limit: 1, cursor: null })).items;
    assert.equal(look?.detail, detail.replace('\ud800', '\ufffd'));
    assert.equal((await store.certificates([large.sha256])).get(large.sha256)?.length, 16_777_215);
    const found = await store.reader.listNames({ hostContains: '77777.xxx' }, { limit: 9, cursor: null });
    assert.equal(found.items.length, 1);
    await store.close();
  });

  it('says in a sentence why it cannot be opened', async () => {
    const refused =
      /^Error: the ClickHouse server http:\/\/127\.0\.0\.1:1 cannot be used: .*ECONNREFUSED.*; see store\.url/;
    await assert.rejects(openStore(config('x', { url: 'http://127.0.0.1:1' }), log), refused);
    await assert.rejects(openStore(config('x', { password: 'wrong' }), log), /Authentication failed/);
  });

  it('is reached over TLS when its certificate is right for the authorities given', async () => {
    const ca = issueCa();
    const wrong = /certificate/;
    for (const [host, change, refusal] of [
      ['127.0.0.1', {}, null],
      ['localhost', {}, wrong],
      ['127.0.0.1', { notAfter: daysFromNow(-1) }, /certificate has expired/],
    ] as const) {
      const made = issueFor(host, { issuer: ca, notBefore: daysFromNow(-2), ...change });
      const front = createServer({ cert: made.pem, key: made.keyPem }, (socket) => {
        const behind = connect(server.port, '127.0.0.1');
        socket.pipe(behind).pipe(socket);
        for (const one of [socket, behind]) one.on('error', quiet);
      }).listen(0, '127.0.0.1');
      await once(front, 'listening');
      const url = `https://127.0.0.1:${(front.address() as AddressInfo).port}`;
      const caFile = join(folder, 'ca.pem');
      writeFileSync(caFile, ca.pem);
      const opening = openStore(config('tls', { url, caFile, compression: true }), log);
      if (refusal === null) await opening.then((store) => store.close());
      else await assert.rejects(opening, refusal);
      await assert.rejects(openStore(config('tls', { url }), log), wrong);
      front.close();
    }
  });
});
