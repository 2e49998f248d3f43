import type { ReactNode } from 'react';
import { Sparkline } from '../charts/sparkline.tsx';
import type { Sample } from '../store/dashboard-state.ts';
import { Bar, Card, Figures } from './card.tsx';
import type { View } from './view.ts';

export function SystemCard({ state, words, writing, staleMs }: View): ReactNode {
  const { system, timestamp } = state.metrics;
  const { system: say } = words;
  const until = Math.floor(Date.parse(timestamp) / 60_000);
  const size = (used: number, total: number): string =>
    say.of(writing.decimal(used), writing.decimal(total));
  const memory =
    system.memory_total_gb === 0 ? 0 : (100 * system.memory_used_gb) / system.memory_total_gb;
  const gauge = (
    name: string,
    percent: number,
    detail: string,
    of: (sample: Sample) => number,
  ): ReactNode => {
    const points = state.samples.map((sample) => ({ at: sample[0], value: of(sample) }));
    const values = points.map(({ value }) => value);
    const [low, high] = [Math.min(...values), Math.max(...values)];
    return (
      <div className="gauge" key={name}>
        <h3>{name}</h3>
        {points.length > 1 && (
          <p
            className="range"
            aria-hidden="true"
          >{`${writing.decimal(low)}–${writing.percent(high)}`}</p>
        )}
        <p className="big">{writing.percent(percent)}</p>
        <p className="detail">{detail}</p>
        <Bar percent={percent} />
        {points.length > 1 && (
          <Sparkline
            points={points}
            untilMinutes={until}
            gap={Math.max(staleMs / 60_000, 65)}
            label={say.history(name, writing.percent(low), writing.percent(high))}
          />
        )}
      </div>
    );
  };
  const note = [system.hostname, system.cpu].filter((text) => text !== undefined).join(' · ');
  return (
    <Card id="system" title={say.title} note={note === '' ? say.day : note} wide>
      <div className="gauges">
        {gauge(
          say.cpu,
          system.cpu_usage_percent,
          say.cores(writing.decimal(system.cpu_cores)),
          (sample) => sample[1],
        )}
        {gauge(
          say.memory,
          memory,
          size(system.memory_used_gb, system.memory_total_gb),
          (sample) => sample[2],
        )}
        {gauge(
          say.disk,
          system.disk_used_percent,
          size(system.disk_used_gb, system.disk_total_gb),
          (sample) => sample[3],
        )}
      </div>
      <Figures
        of={[
          [say.load, system.load_avg.map((load) => load.toFixed(2)).join(' · ')],
          [say.up, system.uptime],
        ]}
      />
    </Card>
  );
}
