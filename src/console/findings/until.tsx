import { useState } from 'preact/hooks';
import { longMinute } from '../lib/format.js';
import { TextField } from '../ui/field.js';
import { Segments } from '../ui/filters.js';

const hourMs = 3_600_000;
const choices = [
  ['4', '4 h'],
  ['24', '24 h'],
  ['168', '7 days'],
  ['720', '30 days'],
  ['open', 'No end'],
  ['date', 'Date'],
] as const;
type Choice = (typeof choices)[number][0];

/** Chooses an end: some hours from now, none, or a date. Calls back with an instant; null: no end; undefined: not a date yet. */
export function Until(props: {
  readonly usual: Choice;
  readonly change: (until: string | null | undefined) => void;
}) {
  const [choice, setChoice] = useState<Choice>(props.usual);
  const [date, setDate] = useState('');
  const until = endOf(choice, date);
  const choose = (next: Choice, typed: string): void => {
    setChoice(next);
    setDate(typed);
    props.change(endOf(next, typed));
  };
  return (
    <fieldset class="field">
      <legend class="label">Until</legend>
      <Segments label="Until" value={choice} choices={choices} change={(next) => choose(next, date)} />
      {choice === 'date' ? (
        <TextField
          label="Date and time, yours"
          type="datetime-local"
          value={date}
          change={(typed) => choose('date', typed)}
        />
      ) : null}
      <span class="hint">{hintOf(until)}</span>
    </fieldset>
  );
}

/** The end that a choice stands for, seen from now. */
export function endOf(choice: Choice, date: string, now = Date.now()): string | null | undefined {
  if (choice === 'open') return null;
  if (choice !== 'date') return new Date(now + Number(choice) * hourMs).toISOString();
  const at = new Date(date);
  return Number.isNaN(at.getTime()) || at.getTime() <= now ? undefined : at.toISOString();
}

function hintOf(until: string | null | undefined): string {
  if (until === undefined) return 'Choose a date in the future.';
  if (until === null) return 'Until someone reopens it, or it is resolved.';
  return `${longMinute(new Date(until))}. Then it alerts again if it is still true.`;
}
