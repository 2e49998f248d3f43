import type { SystemFigures } from '@mini-claude-bot/contract';
import { useFormat } from '../../i18n/format.ts';
import { overviewWords } from '../../i18n/overview.ts';
import { useWords } from '../../settings/settings.tsx';
import { Bar } from '../../ui/bar.tsx';
import type { Overview } from './gateway-line.tsx';

const gigabyte = 1024 ** 3;
const tightPercent = 80;
const fullPercent = 93;

const toneOf = (percent: number) =>
  percent >= fullPercent ? 'danger' : percent >= tightPercent ? 'warn' : 'accent';

/** Memory, processor and disk of the machine, and how many of the gateway's slots are taken. */
export function MachineFigures({
  system,
  overview,
}: {
  system: SystemFigures;
  overview: Overview | undefined;
}) {
  const words = useWords(overviewWords);
  const format = useFormat();
  const size = (gb: number): string => format.bytes(gb * gigabyte);
  const memoryPercent = (100 * system.memory_used_gb) / Math.max(system.memory_total_gb, 0.001);
  const [load = 0] = system.load_avg;
  const cpuPercent = system.cpu_usage_percent;
  return (
    <section aria-label={words.machine} className="grid grid-cols-2 gap-3 lg:grid-cols-4">
      <Tile
        name={words.slots}
        figure={overview === undefined ? '–' : `${overview.slots_used} / ${overview.slots_max}`}
        detail={words.processes(overview?.processes ?? 0)}
        percent={
          overview === undefined ? 0 : (100 * overview.slots_used) / Math.max(1, overview.slots_max)
        }
        tone="accent"
      />
      <Tile
        name={words.memory}
        figure={size(system.memory_free_gb)}
        detail={words.freeOf(size(system.memory_total_gb))}
        percent={memoryPercent}
        tone={toneOf(memoryPercent)}
      />
      <Tile
        name={words.cpu}
        figure={`${format.number(Math.round(cpuPercent))} %`}
        detail={words.load(format.number(Math.round(load * 10) / 10), system.cpu_cores)}
        percent={cpuPercent}
        tone="accent"
        title={system.cpu}
      />
      <Tile
        name={words.disk}
        figure={size(system.disk_free_gb)}
        detail={words.freeOf(size(system.disk_total_gb))}
        percent={system.disk_used_percent}
        tone={toneOf(system.disk_used_percent)}
      />
    </section>
  );
}

interface TileProps {
  readonly name: string;
  readonly figure: string;
  readonly detail: string;
  /** How much is used, 0 to 100. */
  readonly percent: number;
  readonly tone: 'accent' | 'warn' | 'danger';
  readonly title?: string;
}

function Tile({ name, figure, detail, percent, tone, title }: TileProps) {
  const words = useWords(overviewWords);
  return (
    <div
      title={title}
      className="flex min-w-0 flex-col gap-1 rounded-lg border border-line bg-surface p-3.5 shadow-lift"
    >
      <h2 className="text-soft text-xs">{name}</h2>
      <p className="truncate font-semibold text-xl tabular-nums tracking-tight">{figure}</p>
      <p className="truncate text-soft text-xs tabular-nums">{detail}</p>
      <div className="pt-1.5">
        <Bar
          thin
          label={words.used(name, Math.round(percent))}
          parts={[{ key: 'used', value: percent, tone }]}
          total={100}
        />
      </div>
    </div>
  );
}
