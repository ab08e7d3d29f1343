import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { parse } from 'yaml';
import { filesBelow, root } from '../architecture/modules.js';

const read = (path: string): string => readFileSync(join(root, 'packaging', path), 'utf8');
const lacks = (program: string): string | false =>
  spawnSync(program, ['--help']).error === undefined ? false : `needs ${program}`;

interface Manifest {
  readonly version: string;
  readonly files: readonly string[];
  readonly dependencies: Readonly<Record<string, string>>;
}
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Manifest;

describe('the image', () => {
  const lines = read('docker/Dockerfile').split('\n');

  it('copies files and folders that exist', () => {
    const sources = lines
      .filter((line) => line.startsWith('COPY ') && !line.includes('--from='))
      .flatMap((line) => line.split(/\s+/).slice(1, -1));
    assert.ok(sources.length > 8);
    for (const source of sources) assert.ok(existsSync(join(root, source)), source);
  });

  it('copies everything that the package is made of', () => {
    const copied = lines.filter((line) => line.startsWith('COPY ')).join('\n');
    for (const file of manifest.files.filter((name) => !name.startsWith('dist') && !name.startsWith('!')))
      assert.match(copied, new RegExp(`\\b${file.replace('.', '\\.')}\\b`), file);
  });

  it('runs as a user without rights, and has both targets', () => {
    assert.ok(lines.includes('USER 10001:10001'));
    for (const target of ['slim', 'embedded'])
      assert.ok(
        lines.some((line) => line.endsWith(` AS ${target}`)),
        target,
      );
  });

  it('has a configuration beside it that is accepted', () => {
    const secret = 'a-secret-of-at-least-24-characters';
    const env = { ...process.env, CLICKHOUSE_PASSWORD: secret, CERTGLASS_TOKEN: secret };
    const main = join(root, 'dist', 'src', 'main.js');
    const file = join(root, 'packaging', 'docker', 'certglass.yaml');
    const { status, stdout, stderr } = spawnSync(process.execPath, [main, 'config', 'check', file], {
      env,
      encoding: 'utf8',
    });
    assert.equal(status, 0, `${stdout}${stderr}`);
  });
});

describe('the composition', () => {
  interface Service {
    readonly volumes: readonly string[];
    readonly ports?: readonly string[];
  }
  const { services } = parse(read('docker/compose.yaml')) as { services: Record<string, Service> };

  it('mounts files that exist and publishes on loopback only', () => {
    for (const [name, { volumes, ports }] of Object.entries(services)) {
      const mounted = volumes.map((volume) => volume.split(':')[0]!).filter((path) => path.startsWith('.'));
      for (const path of mounted) assert.ok(existsSync(join(root, 'packaging', 'docker', path)), path);
      for (const port of ports ?? []) assert.match(port, /^127\.0\.0\.1:/, name);
    }
  });

  it('has Certglass, ClickHouse and Grafana', () =>
    assert.deepEqual(Object.keys(services), ['certglass', 'clickhouse', 'grafana']));
});

describe('the unit of systemd', { skip: lacks('systemd-analyze') }, () => {
  const unit = join(root, 'packaging', 'systemd', 'certglass.service');

  it('is understood without a warning', () => {
    const { status, stderr } = spawnSync('systemd-analyze', ['verify', unit], { encoding: 'utf8' });
    assert.deepEqual(
      [status, stderr.split('\n').filter((line) => line.includes('certglass.service'))],
      [0, []],
    );
  });

  it('leaves an exposure under 2.5', () => {
    const text = execFileSync('systemd-analyze', ['security', '--offline=true', unit], { encoding: 'utf8' });
    const exposure = Number(/Overall exposure level for certglass\.service: ([\d.]+)/.exec(text)?.[1]);
    assert.ok(exposure < 2.5, text);
  });
});

describe('the chart', () => {
  const chart = join(root, 'packaging', 'helm', 'certglass');

  it('has the version of the package', () => {
    const { version, appVersion } = parse(read('helm/certglass/Chart.yaml')) as Record<string, string>;
    assert.deepEqual([version, appVersion], [manifest.version, manifest.version]);
  });

  it('opens and closes every block in its templates', () => {
    for (const path of filesBelow('packaging/helm/certglass/templates')) {
      const text = readFileSync(join(root, path), 'utf8');
      const opened = text.match(/\{\{-?\s*(if|with|range|define)\b/g)?.length ?? 0;
      assert.equal(text.match(/\{\{-?\s*end\b/g)?.length ?? 0, opened, path);
    }
  });

  it('passes lint and renders, everything switched on', { skip: lacks('helm') }, () => {
    const folder = mkdtempSync(join(tmpdir(), 'certglass-helm-'));
    try {
      const values = join(folder, 'values.yaml');
      const all = 'ingress: { enabled: true, tlsSecret: tls }\nserviceMonitor: { enabled: true }\n';
      writeFileSync(values, all);
      execFileSync('helm', ['lint', '--strict', chart, '-f', values], { encoding: 'utf8' });
      const rendered = execFileSync(
        'helm',
        ['template', 'mine', chart, '-f', values, '--kube-version', '1.30.0'],
        { encoding: 'utf8' },
      );
      const kinds = rendered.split(/^---$/m).flatMap((part) => /^kind: (\w+)/m.exec(part)?.[1] ?? []);
      assert.deepEqual(kinds.sort(), [
        'ConfigMap',
        'Ingress',
        'NetworkPolicy',
        'Service',
        'ServiceMonitor',
        'StatefulSet',
      ]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

interface Component {
  readonly name: string;
  readonly hashes?: readonly { readonly alg: string }[];
  readonly licenses?: readonly unknown[];
}

it('a bill of materials names every dependency with its licence and SHA-512', { skip: lacks('npm') }, () => {
  const parameters = ['sbom', '--sbom-format', 'cyclonedx', '--offline'];
  const printed = execFileSync('npm', parameters, { cwd: root, encoding: 'utf8', maxBuffer: 67_108_864 });
  const { components } = JSON.parse(printed) as { readonly components: readonly Component[] };
  for (const name of Object.keys(manifest.dependencies)) {
    const found = components.find((one) => one.name === name);
    assert.ok(found?.hashes?.some(({ alg }) => alg === 'SHA-512') && found.licenses?.length === 1, name);
  }
});
