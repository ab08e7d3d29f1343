import { readFileSync } from 'node:fs';
import { connect, createSecureContext } from 'node:tls';

/** What Node offers by itself, as a program: tls.connect to each `address:port` of a file, one line a certificate. */
const [list = '', concurrency = '100'] = process.argv.slice(2);
const targets = readFileSync(list, 'utf8').split('\n').values();
const secureContext = createSecureContext({ ciphers: 'ALL:@SECLEVEL=0', minVersion: 'TLSv1' });

function one(target: string): Promise<void> {
  const [host = '', port = ''] = target.split(':');
  return new Promise((resolve) => {
    const options = { host, port: Number(port), secureContext, rejectUnauthorized: false };
    const socket = connect(options, () => {
      const certificate = socket.getPeerX509Certificate();
      const { subject, fingerprint256 } = certificate ?? {};
      process.stdout.write(`${JSON.stringify({ target, subject, fingerprint256 })}\n`);
      socket.destroy();
      resolve();
    });
    socket.on('error', () => resolve());
  });
}

async function lane(): Promise<void> {
  for (const target of targets) await one(target);
}

await Promise.all(Array.from({ length: Number(concurrency) }, lane));
