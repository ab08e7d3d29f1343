import { readdirSync } from 'node:fs';

/** Theme of every rule, by id: the folder that its file lies in, see CONTRIBUTING.md. */
export const themes: ReadonlyMap<string, string> = readThemes(new URL('.', import.meta.url));

function readThemes(folder: URL): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const theme of readdirSync(folder, { withFileTypes: true })) {
    if (!theme.isDirectory()) continue;
    for (const file of readdirSync(new URL(`${theme.name}/`, folder)))
      if (file.endsWith('.js')) found.set(file.slice(0, -'.js'.length), theme.name);
  }
  return found;
}
