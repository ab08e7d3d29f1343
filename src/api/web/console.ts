import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { extname, join, relative, sep } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { acceptedCoding } from './encoding.js';

/** One file of the console, ready to be sent. */
interface Asset {
  readonly type: string;
  readonly etag: string;
  /** Its name holds a hash of its content: it never changes. */
  readonly isImmutable: boolean;
  readonly bodies: { readonly identity: Buffer; readonly gzip: Buffer; readonly br: Buffer };
}

/** The built web page. */
export interface Console {
  /** Answers a request for a page or a file of the console; false when this is neither. */
  answer(request: FastifyRequest, reply: FastifyReply): boolean;
}

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.json': 'application/json',
  '.webmanifest': 'application/manifest+json',
  '.woff2': 'font/woff2',
  '.txt': 'text/plain; charset=utf-8',
};

/** Everything comes from here; nothing is written into the page. */
const policy = [
  "default-src 'self'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
  "object-src 'none'",
].join('; ');

/** What belongs to programs: an unknown path there is no page. */
const forPrograms = /^\/(api|health|metrics|stream|probe)(\/|$)/;
const noPage = 'No page here. API documentation: /api/docs';

/** Reads the built console into memory; without one, pages say where to go instead. */
export function openConsole(folder: string): Console {
  const assets = existsSync(join(folder, 'index.html')) ? readAssets(folder) : new Map<string, Asset>();
  return {
    answer(request, reply) {
      const [path = '/'] = request.url.split('?');
      if ((request.method !== 'GET' && request.method !== 'HEAD') || forPrograms.test(path)) return false;
      const asset = assets.get(path);
      if (asset !== undefined) send(request, reply, asset, 200);
      else if (!wantsPage(request)) return false;
      else if (assets.get('/') !== undefined) send(request, reply, assets.get('/') as Asset, 200);
      else void reply.code(404).type('text/plain; charset=utf-8').send(noPage);
      return true;
    },
  };
}

/** True for what a person typed or followed: those get the console, whatever the path, which reads it itself. */
function wantsPage({ headers, url }: FastifyRequest): boolean {
  const [path = '/'] = url.split('?');
  return path === '/' || (headers.accept ?? '').includes('text/html');
}

function send(request: FastifyRequest, reply: FastifyReply, asset: Asset, status: number): void {
  const coding = acceptedCoding(request, ['br', 'gzip']);
  void reply.headers({
    'content-security-policy': policy,
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'permissions-policy': 'camera=(), geolocation=(), microphone=()',
    'cache-control': asset.isImmutable ? 'public, max-age=31536000, immutable' : 'no-cache',
    etag: asset.etag,
    vary: 'accept-encoding',
  });
  if (request.headers['if-none-match'] === asset.etag) return void reply.code(304).send();
  if (coding !== 'identity') void reply.header('content-encoding', coding);
  void reply.code(status).type(asset.type).send(asset.bodies[coding]);
}

function readAssets(folder: string): Map<string, Asset> {
  const assets = new Map<string, Asset>();
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const type = types[extname(entry.name)];
    if (!entry.isFile() || type === undefined) continue;
    const path = join(entry.parentPath, entry.name);
    const name = relative(folder, path).split(sep).join('/');
    const asset = readAsset(path, type, /-[A-Za-z0-9_-]{8,}\.[a-z0-9]+$/.test(entry.name));
    assets.set(`/${name}`, asset);
    if (name === 'index.html') assets.set('/', asset);
  }
  return assets;
}

function readAsset(path: string, type: string, isImmutable: boolean): Asset {
  const identity = readFileSync(path);
  const etag = `"${createHash('sha256').update(identity).digest('base64url').slice(0, 27)}"`;
  const bodies = { identity, gzip: gzipSync(identity), br: brotliCompressSync(identity) };
  return { type, etag, isImmutable, bodies };
}
