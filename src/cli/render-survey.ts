import { clipText } from '../lib/clip.js';
import { displayWidth, fitWidth } from '../lib/display-width.js';
import { printable } from '../lib/printable.js';
import type { AlternateChain, SurveyFacts, VersionFacts } from '../model/survey.js';
import { paint, type Look } from './look.js';
import { count, dayText, wrapText } from './render-text.js';

/** One line of a survey: what it is about, then the values. */
export interface SurveyText {
  readonly label: string;
  /** Hostile. */
  readonly text: string;
}

const labelWidth = 11;
const gap = '  ';

/** What a survey learned as a grid of few rows: versions with their suites, groups, what the handshake offers, fingerprints. */
export function surveyTexts(survey: SurveyFacts): readonly SurveyText[] {
  const rows: readonly (readonly [label: string, text: string])[] = [
    ...survey.versions.map((version) => [version.version, suitesText(version)] as const),
    ['groups', survey.groups.join(' ')],
    ['offers', offersText(survey)],
    ['client CAs', (survey.clientAuthorities ?? []).join('; ')],
    ...survey.alternates.map((one) => ['also serves', alternateText(one)] as const),
    ['jarm', survey.jarm ?? ''],
    ['ja3s', survey.ja3s ?? ''],
    [
      'survey',
      `${count(survey.connections, 'connection')}${survey.incomplete === null ? '' : `; incomplete: ${survey.incomplete}`}`,
    ],
  ];
  return rows
    .filter(([, text]) => text !== '')
    .map(([label, text]) => ({ label, text: clipText(text, 4000) }));
}

/** Lines of the certificates that an endpoint shows only to clients with another type of key. */
export function alternateTexts(alternates: readonly AlternateChain[]): readonly SurveyText[] {
  return alternates.map((one) => ({ label: 'also serves', text: clipText(alternateText(one), 4000) }));
}

function alternateText({ asked, chain: [leaf] }: AlternateChain): string {
  const names = leaf?.dnsNames.slice(0, 3).join(' ') ?? '';
  return `${leaf?.subject ?? ''} ${names} until ${dayText(leaf?.notAfter ?? null)} (asked: ${asked})`;
}

function suitesText({ cipherSuites, preference }: VersionFacts): string {
  return `${cipherSuites.join(' ')}${preference === null ? '' : ` (${preference} order)`}`;
}

function offersText(survey: SurveyFacts): string {
  const { secureRenegotiation, compression, ticketLifetimeSeconds, handshakeScts, ocspStapled, dhBits } =
    survey;
  const said = [
    dhBits === null ? null : `DH prime of ${dhBits} bits`,
    yesNo(secureRenegotiation, 'secure renegotiation'),
    yesNo(compression, 'compression'),
    ticketLifetimeSeconds === null ? null : `tickets for ${ticketLifetimeSeconds} s`,
    yesNo(ocspStapled, 'OCSP staple'),
    handshakeScts === null ? null : count(handshakeScts, 'SCT') + ' by extension',
  ];
  return said.filter((part) => part !== null).join(', ');
}

function yesNo(fact: boolean | null, name: string): string | null {
  return fact === null ? null : fact ? name : `no ${name}`;
}

/** The lines of a survey below its endpoint: escaped, wrapped between values, further lines under the first value. */
export function surveyLines(texts: readonly SurveyText[], look: Look): readonly string[] {
  const indent = gap.length + labelWidth + gap.length;
  return texts.flatMap(({ label, text }) => {
    const room = { ...look, width: look.width === null ? 100 : Math.max(20, look.width - indent) };
    return wrapText(printable(text, 4000), room)
      .split('\n')
      .map((line, index) => {
        const head = index === 0 ? fitWidth(printable(label), labelWidth) : '';
        const padded = `${gap}${head}${' '.repeat(Math.max(0, labelWidth - displayWidth(head)))}${gap}`;
        return `${paint(padded, 'dim', look)}${look.width === null ? line : fitWidth(line, room.width)}`;
      });
  });
}
