import type { Socket } from 'node:net';
import type { Outcome } from '../../src/model/observation.js';
import { issueFor } from './pki.js';
import { records, serverHello } from './tls-records.js';

/** One way to misbehave, and what a probe must say of it. */
export interface HostileServer {
  readonly name: string;
  readonly outcome: Outcome;
  /** What the full probe says, where OpenSSL gives up before us. */
  readonly outcomeInFull?: Outcome;
  /** Text the detail must contain. */
  readonly detail?: string;
  /** Number of certificates recorded; default 0. */
  readonly certificates?: number;
  /** The server never ends by itself: the probe may take its whole deadline. */
  readonly waits?: boolean;
  serve(socket: Socket): void;
}

/** A certificate that is served by those of the servers that serve one. */
export const servedCertificate = issueFor('hostile.example');
/** Its DER. */
export const leaf = servedCertificate.der;
/** The certificate with rubbish behind it, `size` bytes in all. */
export const big = (size: number): Buffer => Buffer.concat([leaf, Buffer.alloc(size - leaf.length, 0x5a)]);

/** Answers the first bytes of the client with `bytes`; then ends, unless told to stay. */
export function answer(bytes: Uint8Array, stay = false): (socket: Socket) => void {
  return (socket) =>
    socket.once('data', () => {
      if (stay) socket.write(bytes);
      else socket.end(bytes);
    });
}

/** Sends `bytes` one at a time. */
export function drip(bytes: Uint8Array, everyMs = 20): (socket: Socket) => void {
  return (socket) => {
    let at = 0;
    const timer = setInterval(() => socket.write(bytes.subarray(at, (at += 1))), everyMs);
    socket.on('close', () => clearInterval(timer));
  };
}

/** Sends `first`, then `chunk` again and again as fast as it is taken. */
export function flood(first: Uint8Array, chunk: Uint8Array): (socket: Socket) => void {
  return (socket) =>
    socket.once('data', () => {
      const pump = (): void => {
        while (!socket.destroyed && socket.write(chunk));
      };
      socket.on('drain', pump);
      socket.write(first);
      pump();
    });
}

/** `bytes`, `times` over. */
export const many = (bytes: Uint8Array, times: number): Buffer =>
  Buffer.concat(Array.from({ length: times }, () => bytes));
/** A record with a ServerHello. */
export const hello = records(22, serverHello());
