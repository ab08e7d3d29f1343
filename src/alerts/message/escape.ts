/** Invisible, and enough to break a mention or an automatic link. */
const zeroWidthSpace = '\u200b';

/** Breaks what chats, and bridges between them, act on by themselves: `@here`, `<!channel>`, `<users/all>`, and URLs that become links. */
export function withoutMentions(line: string): string {
  return line
    .replaceAll('@', `@${zeroWidthSpace}`)
    .replaceAll('://', `:${zeroWidthSpace}//`)
    .replace(/<(?=[!#]|users\/)/g, `<${zeroWidthSpace}`);
}

/** Markdown of Discord, Mattermost, Jira and the like: nothing in the line is markup, a mention or a link. */
export function escapeMarkdown(line: string): string {
  return withoutMentions(line.replace(/[\\`*_{}[\]()#+!|<>~&]/g, '\\$&'));
}

/** What Slack's mrkdwn and Google Chat know no escape for, and what looks like it. */
const lookAlikes: Readonly<Record<string, string>> = { '*': '\u2217', '~': '\u223c', '`': '\u02cb' };

/** Slack's mrkdwn and Google Chat: `<...>` is what links and mentions are made of. */
export function escapeAngles(line: string): string {
  return withoutMentions(line)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replace(/[*~`]/g, (mark) => lookAlikes[mark] ?? mark);
}

/** A value that no spreadsheet takes for a formula. */
export function withoutFormula(line: string): string {
  return /^[=+\-@\t\r]/.test(line) ? `'${line}` : line;
}
