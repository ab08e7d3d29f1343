import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { ChannelKind } from '../../src/alerts/channel.js';
import { channelKinds } from '../../src/alerts/index.js';
import { limits } from '../../src/alerts/message/limits.js';
import { inventoryEventOf } from '../../src/delivery/inventory-events.js';
import { eventJsonSchema, eventSchema, eventTypes } from '../../src/model/event.js';
import { words } from '../alerts/samples.js';
import { root } from '../architecture/modules.js';

const at = (...path: readonly string[]): string => join(root, ...path);

/** Files about alerts that are made from the code, by path, as they have to be. */
export function alertDocs(): ReadonlyMap<string, string> {
  return new Map([
    [at('config', 'event.schema.json'), eventJsonSchema()],
    [
      at('docs', 'events.md'),
      filled(at('docs', 'events.md'), { types: typeTable(), fields: fieldTable(), example: example() }),
    ],
    [
      at('docs', 'alerts.md'),
      filled(at('docs', 'alerts.md'), { channels: channelList(), limits: limitTable() }),
    ],
  ]);
}

/** The file with the text between `begin` and `end` marks replaced. */
function filled(file: string, sections: Readonly<Record<string, string>>): string {
  let text = readFileSync(file, 'utf8');
  for (const [name, content] of Object.entries(sections)) {
    const marks = new RegExp(`<!-- begin ${name} -->[^]*<!-- end ${name} -->`);
    if (!marks.test(text)) throw new Error(`${file} has no section ${name}`);
    text = text.replace(marks, () => `<!-- begin ${name} -->\n\n${content}\n\n<!-- end ${name} -->`);
  }
  return text;
}

const meanings: Readonly<Record<(typeof eventTypes)[number], string>> = {
  certificate_discovered: 'An endpoint presents its first certificate.',
  certificate_renewed: 'An endpoint presents a new certificate that covers all names of the one before.',
  certificate_changed: 'An endpoint presents a new certificate that does not.',
  certificate_issued:
    'A watched certificate is first seen in a CT log; precertificate and certificate are one issuance.',
  certificate_removed:
    'An endpoint that presented a certificate no longer answers (`endpoint-gone`, `unreachable`).',
  certificate_expiring: 'A certificate in use expires soon (`expiring`).',
  certificate_expired: 'A certificate in use has expired (`expired`).',
  deployment_failed: 'A renewed certificate is not installed everywhere (`deploy-gap`).',
  finding_opened: 'Any other finding opened or came back.',
  finding_updated: 'A finding changed: it got worse, or a person silenced, accepted or assigned it.',
  finding_acknowledged: 'A person acknowledged a finding.',
  finding_resolved: 'A finding was resolved, whatever it was about; `finding.resolution` says why.',
  heartbeat: 'Certglass is running.',
  test: 'A sample, sent by `certglass alert test`.',
};

function typeTable(): string {
  return table(
    ['Type', 'Meaning'],
    eventTypes.map((type) => [`\`${type}\``, meanings[type]]),
  );
}

interface FieldSchema {
  readonly description?: string;
  readonly type?: string | readonly string[];
  readonly anyOf?: readonly FieldSchema[];
  readonly properties?: Readonly<Record<string, FieldSchema>>;
}

function fieldTable(): string {
  const schema = z.toJSONSchema(eventSchema) as FieldSchema;
  const rows = Object.entries(schema.properties ?? {}).flatMap(([name, field]) => {
    const nested = field.anyOf?.find(({ properties }) => properties !== undefined)?.properties ?? {};
    return [
      [`\`${name}\``, typeOf(field), field.description ?? ''],
      ...Object.entries(nested).map(([key, inner]) => [
        `\`${name}.${key}\``,
        typeOf(inner),
        inner.description ?? '',
      ]),
    ];
  });
  return table(['Field', 'Type', 'Meaning'], rows);
}

function typeOf({ type, anyOf }: FieldSchema): string {
  return [anyOf?.map(typeOf) ?? type ?? 'string'].flat().join(' or ');
}

function example(): string {
  const certificate = {
    sha256: 'c0ffee'.padEnd(64, '0'),
    subject: 'CN=www.example.com',
    issuer: 'CN=Example CA,O=Example',
    serialNumber: '4a0b17',
    notBefore: new Date('2026-11-30T00:00:00Z'),
    notAfter: new Date('2027-02-28T00:00:00Z'),
    names: ['www.example.com', 'example.com'],
  };
  const event = inventoryEventOf(
    {
      id: '6fb2c9a7d1e04c7f8a3b5d2e9c1f0a44',
      at: new Date('2026-12-01T09:30:00Z'),
      endpoint: 'www.example.com|192.0.2.10|443|www.example.com|',
      ctLog: null,
      certificate,
      before: { ...certificate, sha256: 'decaf0'.padEnd(64, '0'), names: ['www.example.com'] },
    },
    words,
  );
  return `\`\`\`json\n${JSON.stringify(event, null, 2)}\n\`\`\``;
}

function channelList(): string {
  const kinds: Readonly<Record<string, ChannelKind>> = channelKinds;
  return Object.entries(kinds)
    .map(([type, { takes, config, example }]) => {
      const { type: about, ...keys } =
        (z.toJSONSchema(config, { io: 'input', unrepresentable: 'any' }) as FieldSchema).properties ?? {};
      const rows = Object.entries(keys).map(([key, field]) => [`\`${key}\``, field.description ?? '']);
      return [
        `### \`${type}\``,
        `${about?.description ?? ''} Takes: ${takes}.`,
        `\`\`\`yaml\n- ${yaml(example)}\n\`\`\``,
        `<details><summary>Keys</summary>\n\n${table(['Key', 'Meaning'], rows)}\n\n</details>`,
      ].join('\n\n');
    })
    .join('\n\n');
}

/** JSON is YAML; strings that need no quotes go without. */
function yaml(value: object): string {
  return Object.entries(value)
    .map(
      ([key, item]) =>
        `${key}: ${typeof item === 'string' && /^[a-z][\w./-]*$/i.test(item) ? item : JSON.stringify(item)}`,
    )
    .join('\n  ');
}

function limitTable(): string {
  return table(
    ['Channel', 'Findings shown at most', 'Room for them'],
    Object.entries(limits).map(([name, { maxAlerts, maxSize, unit }]) => [
      `\`${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}\``,
      String(maxAlerts),
      `${maxSize.toLocaleString('en')} ${unit}`,
    ]),
  );
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
