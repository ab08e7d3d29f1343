import { parse } from 'node-cron';
import { z } from 'zod';

/** A cron expression of five fields, in UTC; what is none, and what never fires, is refused with the reason and an example. */
export const cronExpression = z.string().superRefine((text, context) => {
  const message = faultOf(text);
  if (message !== null) context.addIssue({ code: 'custom', message });
});

const example = 'write five fields, for example "17 4 * * *" for 04:17 UTC every day';

function faultOf(text: string): string | null {
  try {
    parse(text);
    return null;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    if (reason.includes('impossible day'))
      return `${JSON.stringify(text)} never fires: there is no such day in that month`;
    const [, value, field] = /^(.*) is a invalid expression for (.*)$/.exec(reason) ?? [];
    return field === undefined
      ? `not a cron expression: ${example}`
      : `not a cron expression: ${value} is no ${field}; ${example}`;
  }
}
