import { useEffect, useRef } from 'react';
import UPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import type { Columns } from './plot-data.ts';

export interface PlotLine {
  readonly label: string;
  /** The name of a colour of the page, such as `--deep`. */
  readonly colour: string;
}

interface Props {
  readonly title: string;
  readonly columns: Columns;
  readonly lines: readonly PlotLine[];
  /** Names below the bars; without them lines are drawn, and numbers stand below. */
  readonly names?: readonly string[] | undefined;
  readonly formatValue: (value: number) => string;
}

/** Distances of the marks below a plot by height: there is no half block. */
const WHOLE = [1, 10, 100, 1000, 10_000, 100_000, 1_000_000].flatMap((step) => [step, 2 * step, 5 * step]);
/** Pixels; the room beside the bars and below them, and that of a letter of a name. */
const HEIGHT = 160;
const VALUES_WIDTH = 64;
const NAMES_HEIGHT = 24;
const TURNED_HEIGHT = 60;
const LETTER_WIDTH = 8;

/** Lines by height, or bars by peer. The table beside it has the same values as text. */
export function Plot({ title, columns, lines, names, formatValue }: Props) {
  const place = useRef<HTMLDivElement>(null);
  const drawn = useRef<UPlot>(undefined);
  const shape = JSON.stringify([lines, names]);
  useEffect(() => {
    const element = place.current!;
    const plot = new UPlot(optionsOf(element.clientWidth, lines, names, formatValue), columns as unknown as UPlot.AlignedData, element);
    drawn.current = plot;
    const sized = new ResizeObserver(() => plot.setSize({ width: element.clientWidth, height: HEIGHT }));
    sized.observe(element);
    const scheme = matchMedia('(prefers-color-scheme: dark)');
    const recolour = () => plot.redraw();
    scheme.addEventListener('change', recolour);
    return () => {
      scheme.removeEventListener('change', recolour);
      sized.disconnect();
      plot.destroy();
    };
    // The values follow by `setData`; only other lines or names need another plot.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [shape]);
  useEffect(() => drawn.current?.setData(columns as unknown as UPlot.AlignedData), [columns]);
  return (
    <figure className="plot">
      <figcaption className="small">{title}</figcaption>
      <div ref={place} role="img" aria-label={title} />
      {lines.length > 1 && (
        <ul className="legend small">
          {lines.map(({ label, colour }) => <li key={label} data-colour={colour}>{label}</li>)}
        </ul>
      )}
    </figure>
  );
}

/** Whether names stand side by side; otherwise they are turned. */
const hasRoom = (width: number, names: readonly string[]): boolean => (width - VALUES_WIDTH) / names.length > LETTER_WIDTH * Math.max(0, ...names.map(({ length }) => length));

const colourOf = (name: string) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

function optionsOf(width: number, lines: readonly PlotLine[], names: readonly string[] | undefined, formatValue: (value: number) => string): UPlot.Options {
  const axis: UPlot.Axis = { stroke: () => colourOf('--quiet'), grid: { stroke: () => colourOf('--line'), width: 1 }, ticks: { show: false }, font: '12px system-ui, sans-serif' };
  const bars = UPlot.paths.bars?.({ size: [0.6, 40] });
  return {
    width,
    height: HEIGHT,
    legend: { show: false },
    cursor: { show: false },
    scales: { x: { time: false, ...(names ? { range: () => [-0.6, names.length - 0.4] as [number, number] } : {}) }, y: { range: (_, __, max) => [0, Math.max(1, max * 1.05)] } },
    axes: [
      names ? { ...axis, size: (self) => (hasRoom(self.width, names) ? NAMES_HEIGHT : TURNED_HEIGHT), rotate: (self) => (hasRoom(self.width, names) ? 0 : 45), grid: { show: false }, splits: () => names.map((_, index) => index), values: (_, splits) => splits.map((place) => names[place] ?? '') } : { ...axis, size: 24, incrs: WHOLE },
      { ...axis, size: VALUES_WIDTH, values: (_, splits) => splits.map(formatValue) },
    ],
    series: [
      {},
      ...lines.map(({ label, colour }): UPlot.Series => ({
        label, stroke: () => colourOf(colour), width: 1.5, spanGaps: true, points: { show: false },
        ...(names && bars ? { paths: bars, fill: () => colourOf(colour), width: 0 } : {}),
      })),
    ],
  };
}
