/* Draw a chart from its table: bars, months as lines with the year before dashed, a heat of two dimensions. */
import { BarChart, HeatmapChart, LineChart } from "echarts/charts";
import { GridComponent, TooltipComponent, VisualMapComponent } from "echarts/components";
import * as echarts from "echarts/core";
import { CanvasRenderer } from "echarts/renderers";
import { type Colours, coloursOf } from "./colours";
import { type Point, type Table, readTable } from "./table";

echarts.use([BarChart, HeatmapChart, LineChart, GridComponent, TooltipComponent, VisualMapComponent, CanvasRenderer]);

const ROW = 26;
/** So many bars are drawn; the table has all. */
const MOST = 40;
const STEPS = 6;
/** What the names beside a heat take of its width. */
const BESIDE = 110;

interface Mark { readonly dataIndex: number }
type Option = Parameters<echarts.ECharts["setOption"]>[0];

function shortened(value: number): string {
  if (Math.abs(value) >= 1e8) return `${+(value / 1e8).toFixed(2)} 亿`;
  if (Math.abs(value) >= 1e4) return `${+(value / 1e4).toFixed(1)} 万`;
  return String(value);
}

function labelled(point: Point | undefined, word: string): string {
  if (!point) return "";
  return word === "元" && point.value !== null ? `${shortened(point.value)}元` : point.text;
}

function bars(table: Table, colours: Colours, word: string): Option {
  const points = table.series[0]?.points.slice(0, MOST) ?? [];
  const names = table.names.slice(0, MOST);
  return {
    grid: { left: 8, right: 96, top: 8, bottom: 8, containLabel: true },
    xAxis: { type: "value", show: false, ...(word === "%" ? { max: (range: { max: number }) => Math.max(100, range.max) } : {}) },
    yAxis: {
      type: "category", inverse: true, data: names,
      axisLine: { show: false }, axisTick: { show: false }, axisLabel: { color: colours.ink, width: 180, overflow: "truncate" },
    },
    series: [{
      type: "bar", barMaxWidth: 14, itemStyle: { color: colours.main },
      label: { show: true, position: "right", color: colours.ink, formatter: ({ dataIndex }: Mark) => labelled(points[dataIndex], word) },
      data: points.map((point) => point.value ?? 0),
    }],
  };
}

function lines(table: Table, colours: Colours, word: string): Option {
  const [now, before] = table.series;
  const of = (series: typeof now): (number | null)[] => (series?.points ?? []).map((point) => point.value);
  const named = (text: string, color: string): object => ({ show: true, color, formatter: text, distance: 6 });
  return {
    grid: { left: 8, right: 72, top: 28, bottom: 8, containLabel: true },
    tooltip: {
      trigger: "axis", renderMode: "richText", confine: true,
      formatter: (found: Mark | Mark[]) => {
        const at = Array.isArray(found) ? found[0]?.dataIndex : found.dataIndex;
        const told = table.series.map((series) => `${series.title}  ${series.points[at ?? 0]?.text ?? ""}`);
        return [table.names[at ?? 0] ?? "", ...told].join("\n");
      },
    },
    xAxis: {
      type: "category", boundaryGap: false, data: [...table.names], axisTick: { show: false },
      axisLine: { lineStyle: { color: colours.line } }, axisLabel: { color: colours.quiet },
    },
    yAxis: {
      type: "value", name: word, nameTextStyle: { color: colours.quiet }, minInterval: 1,
      splitLine: { lineStyle: { color: colours.line } }, axisLabel: { color: colours.quiet, formatter: shortened },
    },
    series: [
      ...(before ? [{
        type: "line" as const, data: of(before), symbol: "none", lineStyle: { color: colours.other, type: "dashed" as const, width: 1.5 },
        endLabel: named(before.title, colours.quiet),
      }] : []),
      {
        type: "line" as const, data: of(now), symbolSize: 6, itemStyle: { color: colours.main }, lineStyle: { color: colours.main, width: 2 },
        endLabel: named(now?.title ?? "", colours.ink),
      },
    ],
  };
}

function heat(table: Table, colours: Colours, room: number): Option {
  const cells = table.series.flatMap((series, x) => series.points.map((point, y) => ({ x, y, point })));
  const most = Math.max(1, ...cells.map(({ point }) => point.value ?? 0));
  const step = (value: number): number => Math.floor(value * (STEPS - 1) / most);
  return {
    grid: { left: 8, right: 8, top: 8, bottom: 8, containLabel: true },
    xAxis: {
      type: "category", data: table.series.map((series) => series.title), axisLine: { show: false }, axisTick: { show: false },
      axisLabel: { color: colours.quiet, interval: 0, width: Math.max(26, (room - BESIDE) / Math.max(1, table.series.length) - 6), overflow: "break", lineHeight: 14 },
    },
    yAxis: {
      type: "category", inverse: true, data: [...table.names], axisLine: { show: false }, axisTick: { show: false },
      axisLabel: { color: colours.ink },
    },
    visualMap: {
      show: false, type: "piecewise", dimension: 2,
      pieces: colours.heat.map((color, n) => ({ value: n, color })),
    },
    series: [{
      type: "heatmap", itemStyle: { borderColor: colours.surface, borderWidth: 2, borderRadius: 4 },
      data: cells.map(({ x, y, point }) => ({
        value: [x, y, step(point.value ?? 0)],
        label: {
          show: true, formatter: String(point.value ?? 0),
          color: (step(point.value ?? 0) >= 4) === (colours.darkText > 0) ? "#FFFFFF" : "#17211F",
        },
      })),
    }],
  };
}

/** Draw into the element; a click on a mark opens the rows behind it. `most` > 0 draws so many columns alone. */
export function drawChart(element: HTMLElement, kind: string, source: HTMLTableElement, word: string, most = 0): void {
  const table = readTable(source, most);
  const colours = coloursOf(element);
  if (kind === "bar") element.style.blockSize = `${Math.max(120, Math.min(MOST, table.names.length) * ROW + 24)}px`;
  const chart = echarts.init(element, null, { renderer: "canvas" });
  const option = kind === "line" ? lines(table, colours, word) : kind === "heat" ? heat(table, colours, element.clientWidth) : bars(table, colours, word);
  chart.setOption({ animation: false, textStyle: { fontFamily: getComputedStyle(element).fontFamily }, ...option });
  chart.on("click", ({ seriesIndex, dataIndex, data }) => {
    const place = kind === "heat" && data && typeof data === "object" && "value" in data ? data.value as number[] : null;
    const at = place ? table.series[place[0] ?? 0]?.points[place[1] ?? 0]
      : table.series[kind === "line" && table.series.length > 1 ? 1 - (seriesIndex ?? 0) : 0]?.points[dataIndex];
    if (at?.href) window.location.assign(at.href);
  });
  new ResizeObserver(() => { chart.resize(); }).observe(element);
}
