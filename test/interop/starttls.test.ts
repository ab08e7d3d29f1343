import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import type { StarttlsKind } from '../../src/model/target.js';
import { issueCa, issueFor } from '../support/pki.js';
import { probe, probeOptions, targetAt } from '../scanners/tls/support.js';
import { freePort } from '../support/free-port.js';
import { accepting, program, serverFolder, start, type Running, type ServerFolder } from './support.js';

const root = issueCa();
const leaf = issueFor('localhost', { issuer: root, key: { rsa: 2048 } });

/** A real server and the protocols it speaks, each with the port it is to listen on. */
interface Daemon {
  readonly program: string;
  readonly kinds: readonly StarttlsKind[];
  launch(folder: ServerFolder, ports: readonly number[]): Promise<Running>;
}

const daemons: readonly Daemon[] = [
  { program: 'postfix', kinds: ['smtp'], launch: postfix },
  { program: 'dovecot', kinds: ['imap', 'pop3', 'lmtp', 'sieve'], launch: dovecot },
  { program: 'vsftpd', kinds: ['ftp'], launch: vsftpd },
  { program: 'slapd', kinds: ['ldap'], launch: slapd },
  { program: 'postgres', kinds: ['postgres'], launch: postgres },
  { program: 'mariadbd', kinds: ['mysql'], launch: mariadb },
  { program: 'prosody', kinds: ['xmpp-client', 'xmpp-server'], launch: prosody },
  { program: 'inspircd', kinds: ['irc'], launch: inspircd },
  { program: 'xrdp', kinds: ['rdp'], launch: xrdp },
];

const isRoot = process.getuid?.() === 0;

describe('STARTTLS with the real server', { concurrency: 2 }, () => {
  for (const daemon of daemons) {
    const missing =
      program(daemon.program) === null ? `${daemon.program} is not installed` : isRoot ? false : 'needs root';
    it(
      `brings the certificate of ${daemon.program} (${daemon.kinds.join(', ')})`,
      { skip: missing },
      async () => {
        const folder = serverFolder(leaf, [root]);
        const ports: number[] = [];
        for (const _ of daemon.kinds) ports.push(await freePort());
        try {
          const running = await daemon.launch(folder, ports);
          try {
            for (const [index, starttls] of daemon.kinds.entries()) {
              for (const depth of ['fast', 'full'] as const) {
                const target = targetAt(
                  { host: '127.0.0.1', port: ports[index]! },
                  { starttls, serverName: 'localhost' },
                );
                const seen = await probe(
                  target,
                  probeOptions({ depth, deadlineMs: 20_000 }),
                  new AbortController().signal,
                );
                assert.equal(seen.outcome, 'ok', `${starttls} ${depth}: ${seen.outcome} ${seen.detail}`);
                assert.equal(seen.certificate?.sha256, leaf.sha256);
              }
            }
          } finally {
            await running.stop();
          }
        } finally {
          folder.remove();
        }
      },
    );
  }
});

function own(user: string, folder: ServerFolder): void {
  execFileSync('chown', ['-R', user, folder.path]);
  execFileSync('chmod', ['600', `${folder.path}/key.pem`]);
}

async function postfix(folder: ServerFolder, [port = 0]: readonly number[]): Promise<Running> {
  const { path } = folder;
  execFileSync('sh', ['-c', `mkdir ${path}/queue ${path}/data && chown postfix ${path}/data`]);
  folder.write(
    'main.cf',
    [
      'compatibility_level = 3.6',
      `queue_directory = ${path}/queue`,
      `data_directory = ${path}/data`,
      'myhostname = localhost',
      'inet_interfaces = 127.0.0.1',
      'inet_protocols = ipv4',
      `maillog_file = ${path}/log`,
      `maillog_file_prefixes = ${path}`,
      'smtpd_tls_security_level = may',
      `smtpd_tls_chain_files = ${path}/both.pem`,
      'mydestination =',
      'smtpd_peername_lookup = no',
      '',
    ].join('\n'),
  );
  folder.write(
    'master.cf',
    [
      `127.0.0.1:${port} inet n - n - - smtpd`,
      'postlog unix-dgram n - n - 1 postlogd',
      'tlsmgr unix - - n 1000? 1 tlsmgr',
      'anvil unix - - n - 1 anvil',
      'rewrite unix - - n - - trivial-rewrite',
      'proxymap unix - - n - - proxymap',
      'cleanup unix n - n - 0 cleanup',
      'qmgr unix n - n 300 1 qmgr',
      '',
    ].join('\n'),
  );
  const control = (verb: 'start' | 'stop'): void =>
    void execFileSync(program('postfix') ?? '', ['-c', path, verb], { stdio: 'ignore', timeout: 20_000 });
  control('start');
  await accepting(port);
  return { stop: () => Promise.resolve(control('stop')) };
}

async function dovecot(folder: ServerFolder, ports: readonly number[]): Promise<Running> {
  const { path } = folder;
  const listener = (service: string, name: string, port: number | undefined): string =>
    `service ${service} { inet_listener ${name} { address = 127.0.0.1; port = ${port} } inet_listener ${name}s { port = 0 } }`;
  const settings =
    `protocols = imap pop3 lmtp sieve; base_dir = ${path}/run; state_dir = ${path}/state; log_path = /dev/stderr; ssl = yes;` +
    `ssl_cert = <${path}/cert.pem; ssl_key = <${path}/key.pem; mail_location = maildir:${path}/mail;` +
    'passdb { driver = static; args = password=x } userdb { driver = static; args = uid=65534 gid=65534 }' +
    listener('imap-login', 'imap', ports[0]) +
    listener('pop3-login', 'pop3', ports[1]) +
    listener('lmtp', 'lmtp', ports[2]) +
    listener('managesieve-login', 'sieve', ports[3]);
  // Every brace and setting takes a line of its own.
  const config = folder.write(
    'dovecot.conf',
    settings.replace(/\{/g, '{\n').replace(/\}/g, '\n}\n').replace(/;/g, '\n'),
  );
  return start(program('dovecot') ?? '', ['-F', '-c', config], ports[0] ?? 0, path);
}

async function vsftpd(folder: ServerFolder, [port = 0]: readonly number[]): Promise<Running> {
  execFileSync('mkdir', ['-p', `${folder.path}/empty`]);
  const config = folder.write(
    'vsftpd.conf',
    `listen=YES\nlisten_address=127.0.0.1\nlisten_port=${port}\nbackground=NO\nssl_enable=YES\nanonymous_enable=NO\nlocal_enable=YES\n` +
      `rsa_cert_file=${folder.path}/cert.pem\nrsa_private_key_file=${folder.path}/key.pem\nsecure_chroot_dir=${folder.path}/empty\nseccomp_sandbox=NO\n`,
  );
  return start(program('vsftpd') ?? '', [config], port, folder.path);
}

async function slapd(folder: ServerFolder, [port = 0]: readonly number[]): Promise<Running> {
  const { path } = folder;
  const config = folder.write(
    'slapd.conf',
    `include /etc/ldap/schema/core.schema\npidfile ${path}/slapd.pid\nTLSCertificateFile ${path}/cert.pem\n` +
      `TLSCertificateKeyFile ${path}/key.pem\nTLSCACertificateFile ${path}/cert.pem\ndatabase config\n`,
  );
  return start(
    program('slapd') ?? '',
    ['-h', `ldap://127.0.0.1:${port}`, '-f', config, '-d', '0'],
    port,
    path,
  );
}

async function postgres(folder: ServerFolder, [port = 0]: readonly number[]): Promise<Running> {
  const { path } = folder;
  own('postgres', folder);
  const data = `${path}/data`;
  execFileSync('runuser', ['-u', 'postgres', '--', program('initdb') ?? '', '-D', data, '--no-sync'], {
    stdio: 'ignore',
  });
  const settings = [
    'ssl=on',
    `ssl_cert_file=${path}/cert.pem`,
    `ssl_key_file=${path}/key.pem`,
    `unix_socket_directories=${path}`,
  ];
  const args = [
    '-u',
    'postgres',
    '--',
    program('postgres') ?? '',
    '-D',
    data,
    '-h',
    '127.0.0.1',
    '-p',
    `${port}`,
  ];
  const running = await start(
    'runuser',
    [...args, ...settings.flatMap((setting) => ['-c', setting])],
    port,
    path,
  );
  await delay(500); // until recovery is over it answers with an error
  return running;
}

async function mariadb(folder: ServerFolder, [port = 0]: readonly number[]): Promise<Running> {
  const { path } = folder;
  own('mysql', folder);
  const data = `${path}/data`;
  execFileSync(
    'mariadb-install-db',
    ['--no-defaults', '--user=mysql', `--datadir=${data}`, '--skip-test-db'],
    { stdio: 'ignore' },
  );
  const args = [
    '--no-defaults',
    '--user=mysql',
    `--datadir=${data}`,
    `--port=${port}`,
    '--bind-address=127.0.0.1',
    `--socket=${path}/socket`,
  ];
  return start(
    program('mariadbd') ?? '',
    [...args, `--ssl-cert=${path}/cert.pem`, `--ssl-key=${path}/key.pem`],
    port,
    path,
  );
}

async function prosody(folder: ServerFolder, ports: readonly number[]): Promise<Running> {
  const { path } = folder;
  own('prosody', folder);
  const config = folder.write(
    'prosody.cfg.lua',
    `interfaces = { "127.0.0.1" }\nc2s_ports = { ${ports[0]} }\ns2s_ports = { ${ports[1]} }\ndata_path = "${path}"\npidfile = "${path}/pid"\n` +
      `modules_enabled = { "tls", "saslauth", "dialback" }\nmodules_disabled = { "s2s_auth_certs" }\nc2s_require_encryption = true\n` +
      `ssl = { certificate = "${path}/cert.pem", key = "${path}/key.pem" }\nlog = { error = "*console" }\nVirtualHost "localhost"\n`,
  );
  const running = await start(
    'runuser',
    ['-u', 'prosody', '--', program('prosody') ?? '', '-F', '--config', config],
    ports[0] ?? 0,
    path,
  );
  await delay(300);
  return running;
}

async function inspircd(folder: ServerFolder, [port = 0]: readonly number[]): Promise<Running> {
  const { path } = folder;
  own('irc', folder);
  const config = folder.write(
    'inspircd.conf',
    `<server name="irc.example" description="test" id="97K" network="Test">
     <admin name="a" nick="a" email="a@example">
     <module name="ssl_gnutls"><module name="starttls">
     <sslprofile name="Clients" provider="gnutls" certfile="${path}/cert.pem" keyfile="${path}/key.pem" dhbits="1024">
     <bind address="127.0.0.1" port="${port}" type="clients"><connect allow="*"><starttls provider="Clients">
     <pid file="${path}/pid"><log method="file" type="*" level="default" target="${path}/log">`,
  );
  return start(
    'runuser',
    ['-u', 'irc', '--', program('inspircd') ?? '', '--config', config, '--nofork', '--nopid'],
    port,
    path,
  );
}

async function xrdp(folder: ServerFolder, [port = 0]: readonly number[]): Promise<Running> {
  const { path } = folder;
  const config = folder.write(
    'xrdp.ini',
    `[Globals]\nini_version=1\nfork=true\nport=tcp://127.0.0.1:${port}\nsecurity_layer=negotiate\ncertificate=${path}/cert.pem\nkey_file=${path}/key.pem\n` +
      `ssl_protocols=TLSv1.2, TLSv1.3\nautorun=\nallow_channels=true\nmax_bpp=32\n[Logging]\nLogFile=${path}/xrdp.log\nLogLevel=INFO\nEnableSyslog=false\n[Xvnc]\nname=Xvnc\nlib=libvnc.so\n`,
  );
  return start(
    program('xrdp') ?? '',
    ['--nodaemon', '--port', `tcp://127.0.0.1:${port}`, '--config', config],
    port,
    path,
  );
}
