import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { gzipSync } from 'node:zlib';
import { buildConsole } from './bundle.js';

/** What a first visit may fetch, compressed. */
const maxBytes = 150 * 1024;

describe('the built console', () => {
  const folder = mkdtempSync(join(tmpdir(), 'certglass-bundle-'));
  const files = (): readonly string[] =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => extname(name) !== '');
  const text = (name: string): string => readFileSync(join(folder, name), 'utf8');

  before(() => buildConsole(folder));
  after(() => rmSync(folder, { recursive: true }));

  it('is a page, a script and a style sheet', () => {
    const kinds = new Set(files().map((name) => extname(name)));
    for (const kind of ['.html', '.js', '.css', '.svg']) assert.ok(kinds.has(kind), kind);
    assert.ok(!kinds.has('.map'), 'no source maps');
  });

  it('weighs at most 150 KB compressed', (test) => {
    const bytes = files().map((name) => gzipSync(readFileSync(join(folder, name)), { level: 9 }).length);
    const sum = bytes.reduce((total, size) => total + size, 0);
    test.diagnostic(`${(sum / 1024).toFixed(1)} KB`);
    assert.ok(sum <= maxBytes, `${sum} bytes`);
  });

  it('has neither script nor style in the page', () => {
    const page = text('index.html');
    assert.doesNotMatch(page, /<style|style=|\son\w+=|javascript:/i);
    for (const [, attributes = '', content = ''] of page.matchAll(/<script([^>]*)>([^<]*)/g)) {
      assert.match(attributes, /src="\//);
      assert.equal(content.trim(), '');
    }
  });

  it('names no other site and embeds no data', () => {
    // Names of XML vocabularies are no addresses.
    const vocabularies = /https?:\/\/www\.w3\.org\/[\w/.-]+/g;
    for (const name of files())
      assert.doesNotMatch(
        text(name).replace(vocabularies, ''),
        /https?:\/\/|url\(data:|\beval\(|new Function/,
        name,
      );
  });

  it('gives hashed names to what may be kept for ever', () => {
    for (const name of files().filter((name) => name.startsWith('assets')))
      assert.match(name, /-[\w-]{8,}\.(js|css)$/);
  });
});
