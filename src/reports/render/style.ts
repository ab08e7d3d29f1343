/** Style sheet of a report: readable on a screen, in the dark and on paper. */
export const reportStyle = `
:root { color-scheme: light dark; --ground: light-dark(#fff, #14191d); --text: light-dark(#1b2227, #e3e8eb); --quiet: light-dark(#5a666e, #9aa7af); --line: light-dark(#dbe1e5, #2c363d); --accent: light-dark(#0b5563, #6cc4d4); }
body { background: var(--ground); color: var(--text); font: 14px/1.45 system-ui, sans-serif; margin: 0 auto; max-width: 1200px; padding: 24px; }
h1 { font-size: 24px; margin: 0 0 4px; } h2 { font-size: 16px; margin: 32px 0 4px; } p { margin: 0 0 8px; max-width: 80ch; }
.product { color: var(--accent); font-weight: 600; } .none, .cut, section > p { color: var(--quiet); }
.heading { display: flex; flex-wrap: wrap; gap: 4px 24px; margin: 12px 0; } .heading div { display: flex; gap: 6px; } dt { color: var(--quiet); } dd { margin: 0; }
.figures { display: grid; gap: 12px; grid-template-columns: repeat(auto-fill, minmax(200px, 1fr)); list-style: none; margin: 20px 0; padding: 0; }
.figures li { border-left: 3px solid var(--accent); padding: 2px 10px; } .figures strong { display: block; font-size: 18px; font-variant-numeric: tabular-nums; } .figures span { color: var(--quiet); }
.scroll { overflow-x: auto; } table { border-collapse: collapse; font-size: 12px; width: 100%; } caption { height: 0; overflow: hidden; position: absolute; width: 1px; }
th, td { border-bottom: 1px solid var(--line); max-width: 34ch; overflow-wrap: anywhere; padding: 4px 8px; text-align: left; vertical-align: top; } th { color: var(--quiet); font-weight: 500; white-space: nowrap; } .number { font-variant-numeric: tabular-nums; text-align: right; }
@media print { :root { color-scheme: light; } body { font-size: 10px; max-width: none; padding: 0; } table { font-size: 7px; } thead { display: table-header-group; } tr, .figures li { break-inside: avoid; } h2 { break-after: avoid; } @page { margin: 12mm; size: A4 landscape; } }
`;
