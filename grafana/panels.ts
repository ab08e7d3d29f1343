import { PanelBuilder as BarChart } from '@grafana/grafana-foundation-sdk/barchart';
import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import {
  BigValueColorMode,
  BigValueGraphMode,
  GraphDrawStyle,
  ReduceDataOptionsBuilder,
  StackingConfigBuilder,
  StackingMode,
  TableCellHeight,
  VizLegendOptionsBuilder,
  VizOrientation,
} from '@grafana/grafana-foundation-sdk/common';
import {
  DashboardLinkBuilder,
  ThresholdsConfigBuilder,
  ThresholdsMode,
  type Panel,
} from '@grafana/grafana-foundation-sdk/dashboard';
import { PanelBuilder as Stat } from '@grafana/grafana-foundation-sdk/stat';
import { PanelBuilder as Table } from '@grafana/grafana-foundation-sdk/table';
import { PanelBuilder as TimeSeries } from '@grafana/grafana-foundation-sdk/timeseries';
import { clickhouseQuery, plugin, type Question } from './query.js';

/** What a panel is made of. */
export interface PanelSpec extends Question {
  readonly kind: 'stat' | 'table' | 'bars' | 'time';
  readonly title: string;
  /** One sentence. */
  readonly description: string;
  /** Width of 24, and height in rows. */
  readonly w: number;
  readonly h: number;
  /** Of the numbers; default: plain numbers with separators. */
  readonly unit?: string;
  /** From this value on a figure has this colour; the first step is the colour of what is well. */
  readonly steps?: readonly (readonly [from: number | null, colour: string])[];
  /** Column of a table that leads into the console, and the path there. */
  readonly link?: { readonly column: string; readonly path: string };
}

type Common = Stat | Table | BarChart | TimeSeries;

const well = [[null, 'blue']] as const;

/** The panel for Grafana. */
export function panel(spec: PanelSpec, at: { readonly x: number; readonly y: number }): Builder<Panel> {
  const { title, description, w, h, unit = 'locale', sql, steps = well } = spec;
  const built = shapes[spec.kind]()
    .title(title)
    .description(description)
    .datasource({ type: plugin, uid: '${datasource}' })
    .gridPos({ x: at.x, y: at.y, w, h })
    .unit(unit)
    .withTarget(clickhouseQuery(sql, spec.kind === 'time' ? 0 : 1, '${datasource}'));
  if (spec.kind === 'stat')
    built.thresholds(
      new ThresholdsConfigBuilder()
        .mode(ThresholdsMode.Absolute)
        .steps(steps.map(([value, color]) => ({ value, color }))),
    );
  if (spec.link !== undefined) addLink(built, spec.link);
  return built;
}

const shapes: Readonly<Record<PanelSpec['kind'], () => Common>> = {
  stat: () =>
    new Stat()
      .colorMode(BigValueColorMode.Value)
      .graphMode(BigValueGraphMode.None)
      .reduceOptions(new ReduceDataOptionsBuilder().calcs(['lastNotNull']).values(false)),
  table: () => new Table().cellHeight(TableCellHeight.Sm).showHeader(true),
  bars: () =>
    new BarChart()
      .orientation(VizOrientation.Horizontal)
      .xTickLabelMaxLength(40)
      .legend(new VizLegendOptionsBuilder().showLegend(false)),
  time: () =>
    new TimeSeries()
      .drawStyle(GraphDrawStyle.Bars)
      .fillOpacity(70)
      .lineWidth(0)
      .stacking(new StackingConfigBuilder().mode(StackingMode.Normal).group('A')),
};

function addLink(built: Common, { column, path }: NonNullable<PanelSpec['link']>): void {
  const link = new DashboardLinkBuilder('Show in Certglass')
    .url(`\${console}${path}`)
    .targetBlank(true)
    .build();
  const { title, url, targetBlank } = link;
  built.overrideByName(column, [{ id: 'links', value: [{ title, url, targetBlank }] }]);
}
