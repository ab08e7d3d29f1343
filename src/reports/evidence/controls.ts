import { z } from 'zod';
import { htmlOf, type Heading } from '../render/html.js';
import type { Report } from '../report.js';

const control = z.strictObject({
  id: z.string(),
  title: z.string(),
  /** What the control asks for, in short. */
  asks: z.string(),
  /** What of it the export shows. */
  shows: z.string(),
  /** Files of the export that answer it. */
  files: z.array(z.string()).min(1),
  /** What nobody can conclude from the export. */
  cannotShow: z.string(),
});

/** A framework and its controls, as far as certificates can say something about them. */
export const framework = z.strictObject({
  id: z.string(),
  title: z.string(),
  source: z.string(),
  controls: z.array(control).min(1),
});

/** See {@link framework}. */
export type Framework = z.infer<typeof framework>;

/** Control by control, which file answers what. */
export function controlsPage(of: Framework, heading: Heading): AsyncIterable<string> {
  const page: Report = {
    id: 'controls',
    title: of.title,
    description: 'Which file of this export answers which control, and what it cannot answer.',
    cannotShow: ['A scan shows what was observed. It is evidence for an assessment, never the assessment.'],
    build: () => Promise.reject(new Error('this page has no input')),
  };
  const rows = of.controls.map(({ id, title, ...said }) => ({ control: `${id} ${title}`, ...said }));
  const table = {
    id: 'controls',
    title: 'Controls',
    note: of.source,
    columns: [
      { key: 'control', title: 'Control' },
      { key: 'asks', title: 'Asks for' },
      { key: 'shows', title: 'Shown by' },
      { key: 'files', title: 'Files' },
      { key: 'cannotShow', title: 'Cannot be shown' },
    ],
    rows: async function* () {
      yield* rows;
    },
  };
  return htmlOf(page, { figures: [], tables: [table] }, heading);
}

/** The same as JSON. */
export function controlsJson(of: Framework): string {
  return `${JSON.stringify(of, null, 2)}\n`;
}
