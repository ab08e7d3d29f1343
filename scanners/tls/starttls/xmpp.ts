import { isIPv6 } from 'node:net';
import { StringDecoder } from 'node:string_decoder';
import { domainToUnicode } from 'node:url';
import type { SaxesParser, SaxesTagNS } from 'saxes';
import { RefusedError, type Conversation, type Dialogue } from './conversation.js';
import { words } from './words.js';

const streams = 'http://etherx.jabber.org/streams';
const starttls = 'urn:ietf:params:xml:ns:xmpp-tls';

/** RFC 6120 section 5.4, from a client. */
export const xmppClient: Dialogue = (conversation, { host }) => xmpp(conversation, host, 'jabber:client');

/** RFC 6120 section 5.4, between servers. */
export const xmppServer: Dialogue = (conversation, { host }) => xmpp(conversation, host, 'jabber:server');

async function xmpp(conversation: Conversation, host: string, namespace: string): Promise<void> {
  const stream = await openStream(conversation);
  conversation.send(
    `<?xml version='1.0'?><stream:stream xmlns='${namespace}' xmlns:stream='${streams}' to='${domainPart(host)}' version='1.0'>`,
  );
  let features = await stream.element();
  // A server that speaks no version 1.0 sends other things first, or nothing (section 4.7.5).
  while (!isNamed(features, streams, 'features')) features = await stream.element();
  if (!features.children.some((child) => isNamed(child, starttls, 'starttls')))
    throw new RefusedError(`STARTTLS is not offered: ${outline(features)}`);
  conversation.send(`<starttls xmlns='${starttls}'/>`);
  let answer = await stream.element();
  while (answer.namespace !== starttls) answer = await stream.element();
  if (answer.name !== 'proceed') throw new RefusedError(outline(answer));
}

/** The domain as addresses have it: U-labels (RFC 7622 section 3.2), an IPv6 address in brackets; safe in an attribute. */
function domainPart(host: string): string {
  const domain = isIPv6(host) ? `[${host}]` : domainToUnicode(host) || host;
  return domain.replace(/[<>&'"]/g, '');
}

/** An element of the stream, namespaces resolved. */
interface Element {
  readonly namespace: string;
  readonly name: string;
  readonly children: Element[];
  text: string;
}

function isNamed({ namespace, name }: Element, wantedNamespace: string, wantedName: string): boolean {
  return namespace === wantedNamespace && name === wantedName;
}

/** Names and texts of an element and what it holds, on one line. */
function outline({ name, text, children }: Element): string {
  const inner = [text.trim(), ...children.map(outline)].filter((part) => part !== '').join(', ');
  return inner === '' ? name : `${name} (${inner})`;
}

/** What the server's side of a stream says, one element below the root at a time. */
interface XmlStream {
  /** The next whole element; throws when the stream ends, by `stream:error` (section 4.9) or in order, or is no XML. */
  element(): Promise<Element>;
}

async function openStream(conversation: Conversation): Promise<XmlStream> {
  const { SaxesParser } = await import('saxes'); // only for those who scan XMPP
  const parser = new SaxesParser({ xmlns: true, position: false });
  const decoder = new StringDecoder('utf8');
  const whole = readElements(parser);
  return {
    async element() {
      let at = 0;
      // Byte by byte, for what comes after the end of an element may belong to somebody else.
      const bytes = await conversation.until((received) => {
        for (; at < received.length; at += 1) {
          const text = decoder.write(received.subarray(at, at + 1));
          if (text !== '') parser.write(text);
          if (whole.failure !== null) throw new RefusedError(notXml(whole.failure, received));
          if (whole.elements.length > 0 || whole.isEnded) return at + 1;
        }
        return 0;
      });
      const element = whole.elements.shift();
      if (element === undefined) throw new RefusedError(`the stream was closed: ${bytes.toString('latin1')}`);
      if (isNamed(element, streams, 'error'))
        throw new RefusedError(`stream error: ${element.children.map(outline).join(', ')}`);
      return element;
    },
  };
}

function notXml(failure: string, received: Buffer): string {
  return `the answer is not XML (${failure}): ${words(received.toString('latin1')).slice(0, 200)}`;
}

/** What a parser has found: elements right below the root, whole; whether the root has ended; what is wrong. */
interface Found {
  readonly elements: Element[];
  isEnded: boolean;
  failure: string | null;
}

function readElements(parser: SaxesParser<{ xmlns: true; position: false }>): Found {
  const found: Found = { elements: [], isEnded: false, failure: null };
  const open: Element[] = [];
  parser.on('opentag', ({ uri, local }: SaxesTagNS) => {
    const element = { namespace: uri, name: local, children: [], text: '' };
    open.at(-1)?.children.push(element);
    open.push(element);
  });
  const addText = (text: string): void => {
    const element = open.at(-1);
    if (element !== undefined) element.text += text;
  };
  parser.on('text', addText);
  parser.on('cdata', addText);
  parser.on('closetag', () => {
    const element = open.pop();
    const root = open[0];
    if (element === undefined || root === undefined) found.isEnded = true;
    else if (open.length === 1) found.elements.push(...root.children.splice(0));
  });
  parser.on('doctype', () => (found.failure ??= 'a document type declaration')); // RFC 6120 section 11.1
  parser.on('error', ({ message }) => (found.failure ??= message));
  return found;
}
