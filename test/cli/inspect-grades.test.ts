import assert from 'node:assert/strict';
import { it } from 'node:test';
import {
  ext,
  eku,
  issuerLink,
  leafLink,
  makeChain,
  rootLink,
  sharedKey,
  type Link,
} from '../support/chain.js';
import { toPem } from '../support/pki.js';
import { file, run } from './run-inspect.js';

const at = new Date('2026-06-01T12:00:00Z');
const root = rootLink();
const roots = file('grade-roots.pem', toPem(root.der));
const issuer = issuerLink(root);
const leaf = leafLink(issuer);
let number = 0;

async function inspect(links: readonly Link[], options: object = {}) {
  number += 1;
  const path = file(`grade-${number}.pem`, links.map(({ der }) => toPem(der)).join(''));
  return run([path], { json: true, roots, at, ...options });
}

it('passes a bundle whatever an unneeded cross-certificate in it leads to', async () => {
  const stranger = rootLink({ subject: 'Gone Root', key: sharedKey(6) });
  const cross = issuerLink(stranger, { notAfter: new Date('2026-01-01T00:00:00Z') });
  const { code, lines } = await inspect([leaf, issuer, cross]);
  assert.deepEqual(
    lines.map(({ validation }) => validation?.grade),
    ['valid', 'valid', 'invalid'],
  );
  assert.equal(code, 0);
  assert.equal((await inspect([issuer, cross])).code, 1, 'in a file of CAs alone each counts');
});

it('fails when an intermediate of the path has ended', async () => {
  const ended = issuerLink(root, { notAfter: new Date('2026-01-01T00:00:00Z') });
  assert.equal((await inspect([leafLink(ended), ended])).code, 1);
});

it('passes what every client takes, and says what is wrong with its form', async () => {
  const { code, lines } = await inspect([leafLink(issuer, { extensions: { eku: null } }), issuer]);
  assert.equal(code, 0);
  const [line] = lines;
  assert.deepEqual([line?.validation?.verdict, line?.validation?.grade], ['invalid', 'faulty']);
  assert.deepEqual(
    line?.validation?.errors.map(({ code: one }) => one),
    ['extended-key-usage-missing'],
  );
});

it('passes a self-signed certificate that is its own root', async () => {
  const own = rootLink({
    subject: 'www.example.com',
    extensions: { san: ext.dns('www.example.com'), eku: ext.eku([eku.server]) },
  });
  const { code, lines } = await inspect([own], { roots: file('own.pem', toPem(own.der)) });
  assert.equal(code, 0, JSON.stringify(lines[0]?.validation?.errors));
});

it('holds CA files against the rules of the purpose', async () => {
  const odd = rootLink({
    subject: 'Odd Root',
    key: sharedKey(4),
    extensions: { eku: ext.eku([eku.server]) },
  });
  const { lines } = await inspect([odd]);
  assert.ok(lines[0]?.validation?.errors.some(({ code }) => code === 'root-extended-key-usage'));
  const asClient = await inspect([odd], { purpose: 'client' });
  assert.ok(!asClient.lines[0]?.validation?.errors.some(({ code }) => code === 'root-extended-key-usage'));
});

it('limits the length of paths by --max-depth', async () => {
  const chain = makeChain({ issuers: [{}, {}] });
  const options = { roots: file('deep.pem', toPem(chain.root.der)) };
  const links = [chain.leaf, ...chain.issuers];
  assert.equal((await inspect(links, { ...options, maxDepth: 2 })).lines[0]?.validation?.grade, 'valid');
  const { lines } = await inspect(links, { ...options, maxDepth: 1 });
  assert.ok(lines[0]?.validation?.errors.some(({ code }) => code === 'path-too-long'));
});

it('says that a chain ends before its leaf', async () => {
  const ending = issuerLink(root, { notAfter: new Date('2026-06-04T00:00:00Z') });
  const { lines } = await inspect([leafLink(ending), ending]);
  assert.ok(lines[0]?.findings.some(({ rule }) => rule === 'chain-expiring'));
});
