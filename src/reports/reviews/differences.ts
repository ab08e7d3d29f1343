const most = 1_000;

/** What changed between two snapshots, a line each, by name; at most 1,000. */
export function differences(
  before: Readonly<Record<string, string>>,
  now: Readonly<Record<string, string>>,
): readonly string[] {
  const keys = [...new Set([...Object.keys(before), ...Object.keys(now)])].sort();
  const lines = keys.flatMap((key) => {
    const [was, is] = [before[key], now[key]];
    if (was === is) return [];
    if (was === undefined) return [`${key}: new, ${is}`];
    return [is === undefined ? `${key}: gone, was ${was}` : `${key}: ${was}, now ${is}`];
  });
  return lines.length > most ? [...lines.slice(0, most - 1), `and ${lines.length - most + 1} more`] : lines;
}
