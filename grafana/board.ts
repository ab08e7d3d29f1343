import {
  DashboardBuilder,
  DashboardCursorSync,
  DashboardLinkBuilder,
  DashboardLinkType,
  DatasourceVariableBuilder,
  QueryVariableBuilder,
  RowBuilder,
  TextBoxVariableBuilder,
  VariableHide,
  VariableRefresh,
  VariableSort,
  type Dashboard,
} from '@grafana/grafana-foundation-sdk/dashboard';
import { panel, type PanelSpec } from './panels.js';
import { plugin } from './query.js';

/** A dashboard: rows of panels, laid out from left to right. */
export interface Board {
  /** Also the name of its file. */
  readonly uid: string;
  readonly title: string;
  readonly description: string;
  readonly from: string;
  readonly to: string;
  /** Values of findings to choose among; their columns of `findings_now`. */
  readonly choices?: readonly { readonly name: string; readonly label: string; readonly sql: string }[];
  readonly rows: readonly { readonly title: string | null; readonly panels: readonly PanelSpec[] }[];
}

/** The dashboard as Grafana imports it. */
export function build(board: Board): Dashboard {
  const { uid, title, description, from, to, choices = [], rows } = board;
  const built = new DashboardBuilder(title)
    .uid(uid)
    .description(description)
    .tags(['certglass', 'certificates'])
    .readonly()
    .tooltip(DashboardCursorSync.Crosshair)
    .timezone('utc')
    .refresh('5m')
    .time({ from, to })
    .link(new DashboardLinkBuilder('Certglass').type(DashboardLinkType.Dashboards).tags(['certglass']))
    .link(
      new DashboardLinkBuilder('Console').type(DashboardLinkType.Link).url('${console}').targetBlank(true),
    )
    .withVariable(new DatasourceVariableBuilder('datasource').label('Data source').type(plugin))
    .withVariable(
      new TextBoxVariableBuilder('console').label('Console').defaultValue('http://127.0.0.1:8450'),
    );
  for (const { name, label, sql } of choices) built.withVariable(choice(name, label, sql));
  let y = 0;
  let id = 1;
  for (const { title: heading, panels } of rows) {
    if (heading !== null) {
      built.withRow(new RowBuilder(heading).id(id).gridPos({ x: 0, y, w: 24, h: 1 }));
      id += 1;
      y += 1;
    }
    y = addPanels(built, panels, y, id);
    id += panels.length;
  }
  return built.build();
}

/** Lays panels from left to right, in lines; answers the first free row below them. */
function addPanels(built: DashboardBuilder, panels: readonly PanelSpec[], from: number, id: number): number {
  let [x, y, height] = [0, from, 0];
  panels.forEach((spec, index) => {
    if (x + spec.w > 24) [x, y, height] = [0, y + height, 0];
    const placed = panel(spec, { x, y });
    built.withPanel({ build: () => ({ ...placed.build(), id: id + index }) });
    x += spec.w;
    height = Math.max(height, spec.h);
  });
  return y + height;
}

function choice(name: string, label: string, sql: string): QueryVariableBuilder {
  return new QueryVariableBuilder(name)
    .label(label)
    .datasource({ type: plugin, uid: '${datasource}' })
    .query({ editorType: 'sql', rawSql: sql })
    .refresh(VariableRefresh.OnTimeRangeChanged)
    .sort(VariableSort.AlphabeticalAsc)
    .hide(VariableHide.DontHide)
    .multi(true)
    .includeAll(true)
    .current({ selected: true, text: 'All', value: '$__all' });
}
