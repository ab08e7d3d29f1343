import { hostileServers } from './hostile-servers.js';
import { issueCa, issueFor } from './pki.js';
import { flight } from './tls-records.js';
import { rawServer, reset, tlsServer } from './tls-servers.js';

/**
 * Servers in a process of their own, for benchmarks: on every loopback address a good one, a tarpit, a resetting and a
 * dripping one, each at a port of its own; good ones at single addresses, given as arguments; and every hostile one. Sends the ports to its
 * parent, and ends with it.
 */
const root = issueCa();
const certificate = issueFor('localhost', { issuer: root });
const slow = flight(certificate.der);
const everywhere = { host: '0.0.0.0' };
const good = await tlsServer({ certificate, chain: [root], ...everywhere });
const tarpit = await rawServer((socket) => socket.resume(), everywhere); // reads, so that it learns of the end
const resetting = await rawServer((socket) => socket.once('data', () => reset(socket)), everywhere);
const dripping = await rawServer((socket) => {
  let at = 0;
  const timer = setInterval(() => socket.write(slow.subarray(at, (at += 1))), 100);
  socket.on('close', () => clearInterval(timer));
}, everywhere);
let sparse = 0;
for (const host of process.argv.slice(2))
  sparse = (await tlsServer({ certificate, chain: [root], host, port: sparse })).port;
const hostile: number[] = [];
for (const { serve } of hostileServers) hostile.push((await rawServer(serve)).port);
process.on('disconnect', () => process.exit());
process.send?.({
  good: good.port,
  tarpit: tarpit.port,
  resetting: resetting.port,
  dripping: dripping.port,
  sparse,
  hostile,
});
