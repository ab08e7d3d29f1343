import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, describe, it } from 'node:test';
import { root } from '../architecture/modules.js';
import { temporaryFolder } from '../store/sample.js';
import { issueFor } from '../support/pki.js';
import { closedPort } from '../support/tls-servers.js';
import type { Ran } from '../support/command-lines-main.js';

const folder = temporaryFolder();
const file = (name: string, text: string | Buffer): string => {
  writeFileSync(join(folder, name), text);
  return name;
};
mkdirSync(join(folder, 'folder'));
file('plain.txt', 'no certificate\n');
file('empty.txt', '');
file('bad-hosts.txt', '127.0.0.1\nhttps://x.example/\n');
file('leaf.pem', issueFor('a.example').pem);
file('half.pem', issueFor('a.example').pem.slice(0, 200));
const yaml = (name: string, text: string): string => file(name, text);

/** Words of a command line, its exit code, and what it has to say. */
const table: readonly (readonly [readonly string[], number, RegExp])[] = [
  // Words that are no commands or options.
  [['scn'], 2, /unknown command 'scn'\n\(Did you mean scan\?\)\n\(certglass --help shows its commands\)/],
  [['findigns'], 2, /Did you mean findings\?/],
  [['ct', 'tial'], 2, /Did you mean tail\?/],
  [['scan', '--dept', 'full', '127.0.0.1'], 2, /Did you mean --depth\?/],
  [['scan'], 2, /missing required argument 'target'/],
  [['config', 'check'], 2, /missing required argument 'file'/],
  [['scan', '127.0.0.1', '--depth', 'deep'], 2, /Allowed choices are fast, full, survey/],
  [['scan', '127.0.0.1', '--fail-on', 'high'], 2, /Allowed choices are notice, warning, error, critical/],
  [['scan', '127.0.0.1', '--rate', 'fast'], 2, /give a whole number from 1 to 1000000/],
  [['scan', '127.0.0.1', '--deadline', '1'], 2, /give a whole number from 50 to 600000/],
  [['inspect', 'leaf.pem', '--at', 'tomorrow'], 2, /give a date such as 2026-12-31/],
  [['completion', 'tcsh'], 2, /Allowed choices are bash, zsh, fish/],
  [['accept', 'aa'], 2, /required option '--note <text>' not specified/],
  // Targets.
  [['scan', 'a b'], 2, /"a b" is not a host name but several words/],
  [['scan', 'https://example.com/'], 2, /is a URL/],
  [['scan', 'ops@example.com'], 2, /is an e-mail address|e-mail/],
  [['scan', '127.0.0.1:99999'], 2, /"99999" is not a port; write 1 to 65535/],
  [['scan', '127.0.0.1', '--ports', '443;8443'], 2, /is not a port; write 1 to 65535, a list/],
  [['scan', '127.0.0.0/33'], 2, /prefix length of "127\.0\.0\.0\/33" is not valid; write 0 to 32/],
  [['scan', '127.0.0.9-127.0.0.1'], 2, /ends before it starts; write the lower address first/],
  [['scan', '10.0.0.0/255.255.255.0'], 2, /netmask|prefix length/],
  [['scan', '*.example.com'], 2, /a wildcard cannot be connected to/],
  [['scan', '10.0.0.0/8'], 2, /16,777,216 addresses.*--yes-scan 16777216/],
  [['scan', '8.8.8.8/8'], 2, /--yes-scan/],
  [['scan', '@none.txt'], 2, /^certglass: none\.txt: there is no such file/],
  [['scan', '@folder'], 2, /folder is a folder; give a file of targets/],
  [['scan', '@empty.txt'], 2, /the list of targets is empty/],
  [['scan', '@bad-hosts.txt'], 2, /bad-hosts\.txt line 2: .*is a URL/],
  [
    ['scan', '127.0.0.1', '--server-name', '192.0.2.1'],
    2,
    /is an address, which is never sent as server name/,
  ],
  [['scan', '127.0.0.1', '--roots', 'none.pem'], 2, /none\.pem/],
  [
    ['scan', '127.0.0.1', '--roots', 'plain.txt'],
    2,
    /plain\.txt: no certificate in it; give a PEM or DER file/,
  ],
  [['scan', '127.0.0.1', '--roots', 'folder'], 2, /folder is a folder|folder/],
  [
    ['scan', '127.0.0.1', '--roots', 'mozilla+'],
    2,
    /give public roots \(mozilla, node, system\), a PEM file/,
  ],
  [['scan', 'CLOSED'], 3, /nothing answered \(1 refused\), so nothing was judged/],
  // The service.
  [['start', '10.0.0.0/8'], 2, /--yes-scan 16777216/],
  [['start', '-'], 2, /"-" \(standard input\) is for "certglass scan"/],
  [['start', 'co.uk'], 2, /public suffix/],
  [
    ['start', '--config', yaml('data.yaml', 'store: { dataDir: plain.txt }\n')],
    2,
    /store\.dataDir: .*plain\.txt is a file; name a folder/,
  ],
  [['start', '--config', 'none.yaml'], 2, /none\.yaml: there is no such file; give the path of a YAML file/],
  [['start', '--config', 'folder'], 2, /folder: it is a folder, not a file; give the path of a YAML file/],
  // Configuration.
  [
    ['config', 'check', yaml('at.yaml', 'scan: { groups: [{ targets: [@hosts.txt] }] }\n')],
    2,
    /at\.yaml:1: put "@hosts\.txt" in quotes/,
  ],
  [
    ['config', 'check', yaml('tab.yaml', 'scan:\n\tgroups: []\n')],
    2,
    /tab\.yaml:2: the line is indented with a tab/,
  ],
  [
    ['config', 'check', yaml('typo.yaml', 'scan: { group: [] }\n')],
    2,
    /typo\.yaml:1: scan\.group: unknown key; did you mean groups\?/,
  ],
  [['config', 'check', yaml('list.yaml', '- a\n')], 2, /the top level must be "key: value" lines/],
  [
    ['config', 'check', yaml('env.yaml', 'store: { password: "${NO_SUCH_VARIABLE}" }\n')],
    2,
    /the variable NO_SUCH_VARIABLE is not set; export/,
  ],
  [
    ['config', 'check', yaml('secret.yaml', 'store: { password: "file:/none" }\n')],
    2,
    /cannot read the secret file \/none/,
  ],
  [['config', 'check', yaml('port.yaml', 'api: { port: 99999 }\n')], 2, /api\.port: must be at most 65535/],
  [
    [
      'config',
      'check',
      yaml('cron.yaml', 'scan: { groups: [{ targets: [127.0.0.1], schedule: hourly }] }\n'),
    ],
    2,
    /not a cron expression: write five fields, for example/,
  ],
  [
    ['config', 'check', yaml('kind.yaml', 'alerts: { channels: [{ type: sms }] }\n')],
    2,
    /there is no kind "sms"; write one of/,
  ],
  [['config', 'check', yaml('url.yaml', 'store: { mode: server }\n')], 2, /mode server needs a URL such as/],
  [['config', 'check', yaml('suffix.yaml', 'policy: { ownedDomains: [com] }\n')], 2, /public suffix/],
  // Files.
  [['inspect', 'none.pem'], 2, /none\.pem.*(?:no such file|does not exist|cannot be read)/],
  [['inspect', 'plain.txt'], 1, /Certificate cannot be read: .*nothing in it begins like a certificate/],
  [['inspect', 'leaf.pem', '--intermediates', 'none.pem'], 2, /none\.pem/],
  [['inspect', 'leaf.pem', '--policy', 'x'], 2, /--policy x is no object identifier; give one like/],
  [['inspect', 'leaf.pem', '--log-list', 'plain.txt'], 2, /plain\.txt is no log list/],
  [
    ['inspect', 'leaf.pem', '--password-file', 'empty.txt'],
    2,
    /empty\.txt: no password in it; write one a line/,
  ],
  [['ct', 'tail', '--match', '*'], 2, /this is no domain or IP address; give one such as example\.com/],
  [['ct', 'tail', '--from', 'yesterday'], 2, /give head, an index, or a date such as/],
  [
    ['ct', 'tail', '--log-list', 'none.json', '--once', '--match', 'a.example'],
    2,
    /no log list: .*give a file or URL with --log-list/,
  ],
  [['keys', 'build', 'out.keys', 'none.txt'], 2, /none\.txt: there is no such file/],
  [['evidence', 'verify', 'plain.txt'], 2, /plain\.txt is no archive of evidence; give one that/],
  [['evidence', 'verify', 'none.zip'], 2, /none\.zip: there is no such file/],
  [
    ['init', '--no-interactive'],
    2,
    /nothing to watch: give at least one domain \(--domain\) or target \(--target\)/,
  ],
  [
    ['init', '--no-interactive', '--target', 'a.example', '--mail-to', 'x@y.example'],
    2,
    /--mail-to needs --smtp HOST/,
  ],
  // A service that is not there.
  [['findings', '--url', 'notaurl'], 2, /--url notaurl is no address of a service; give one such as/],
  [
    ['findings', '--url', 'http://CLOSED'],
    2,
    /no Certglass answers at .*; start one with "certglass start" or give --url/,
  ],
  [
    ['findings', '--data', 'folder'],
    2,
    /no Certglass runs on the data folder folder; start it, or give --url/,
  ],
  [
    ['findings', '--url', 'http://CLOSED', '--filter', 'rule'],
    2,
    /write key=value, for example rule=expired/,
  ],
  [
    ['expiring', '--url', 'http://CLOSED', '--format', 'xml'],
    2,
    /Allowed choices are table, json, ndjson, csv, markdown, html/,
  ],
  [['scans', 'start', '127.0.0.1', '--ports', '0', '--url', 'http://CLOSED'], 2, /is not a port/],
  [['store', 'erase', 'a b'], 2, /a b/],
  [['token', 'create', 'a b'], 2, /a b|letters, digits/],
  [['token', 'create', 'x', '--expires', 'soon'], 2, /soon/],
];

describe('wrong inputs', () => {
  let ran: readonly Ran[] = [];
  before(async () => {
    const closed = (await closedPort()).target;
    const lines = table.map(([words]) => words.map((word) => word.replace('CLOSED', closed)));
    file('lines.json', JSON.stringify(lines));
    const { CERTGLASS_URL: _url, CERTGLASS_TOKEN: _token, ...env } = process.env;
    const main = join(root, 'dist', 'test', 'support', 'command-lines-main.js');
    const { stdout, stderr } = spawnSync(process.execPath, [main, 'lines.json'], {
      cwd: folder,
      env,
      encoding: 'utf8',
      timeout: 120_000,
    });
    assert.notEqual(stdout, '', stderr);
    ran = JSON.parse(stdout) as readonly Ran[];
  });

  it('are at least sixty', () => assert.ok(table.length >= 60));

  table.forEach(([words, status, sentence], index) => {
    void it(`certglass ${words.join(' ')}`, () => {
      const { status: got, out, err } = ran[index] ?? { status: -1, out: '', err: '' };
      const said = err + (status === 1 ? out : '');
      assert.match(said, sentence);
      assert.equal(got, status, said);
      assert.doesNotMatch(said, /\n\s+at |node:internal|\[object|undefined|E[A-Z]{4,}: E/);
      assert.ok(said.split('\n').length <= 4 || status === 1, said);
    });
  });
});
