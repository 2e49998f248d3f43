import type { ModelUsage } from '@mini-claude-bot/contract';
import type { ReactNode } from 'react';
import { Card, Figures } from './card.tsx';
import type { View } from './view.ts';

export function UsageCard({ state, words, writing }: View): ReactNode {
  const { claude_usage: usage } = state.metrics;
  const { usage: say } = words;
  const models = Object.entries(usage.model_usage).toSorted(
    ([, a], [, b]) => tokensOf(b) - tokensOf(a),
  );
  const unknown = usage.cost.unknown_models;
  const since = usage.first_session_date;
  return (
    <Card
      id="usage"
      title={say.title}
      note={since === null ? undefined : say.since(writing.day(since))}
      wide
    >
      <Figures
        of={[
          [say.cost, writing.dollars(usage.cost.total_usd)],
          [say.requests, writing.short(usage.total_requests)],
          [say.messages, writing.short(usage.total_messages)],
          [say.sessions, writing.short(usage.total_sessions)],
          [say.context, writing.short(usage.context_avg)],
          [say.contextMax, writing.short(usage.context_max)],
        ]}
      />
      {models.length > 0 && <Models models={models} words={words} writing={writing} />}
      {unknown.length > 0 && <p className="note">{say.noPrice(unknown.join(', '))}</p>}
    </Card>
  );
}

const kinds = ['input', 'output', 'cacheRead', 'cacheWrite'] as const;
type Kind = (typeof kinds)[number];

const countsOf = (usage: ModelUsage): Readonly<Record<Kind, number>> => ({
  input: usage.input_tokens,
  output: usage.output_tokens,
  cacheRead: usage.cache_read_tokens,
  cacheWrite: usage.cache_creation_tokens,
});

const tokensOf = (usage: ModelUsage): number =>
  Object.values(countsOf(usage)).reduce((sum, count) => sum + count, 0);

function Models({
  models,
  words,
  writing,
}: Pick<View, 'words' | 'writing'> & {
  readonly models: readonly (readonly [string, ModelUsage])[];
}): ReactNode {
  const { usage: say } = words;
  const most = Math.max(1, ...models.map(([, usage]) => tokensOf(usage)));
  return (
    <table className="models">
      <caption>
        {say.models}
        <span className="key" aria-hidden="true">
          {kinds.map((kind) => (
            <span key={kind} className={kind}>
              {say[kind]}
            </span>
          ))}
        </span>
      </caption>
      <thead>
        <tr>
          <th scope="col">{say.model}</th>
          {kinds.map((kind) => (
            <th scope="col" key={kind}>
              {say[kind]}
            </th>
          ))}
          <th scope="col">{say.cost}</th>
        </tr>
      </thead>
      <tbody>
        {models.map(([name, usage]) => (
          <tr key={name}>
            <th scope="row">
              <span className="name">{name}</span>
              <TokenBar counts={countsOf(usage)} most={most} />
            </th>
            {kinds.map((kind) => (
              <td key={kind} data-name={say[kind]}>
                {writing.short(countsOf(usage)[kind])}
              </td>
            ))}
            <td data-name={say.cost}>
              {usage.cost_usd === null ? say.unknown : writing.dollars(usage.cost_usd)}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function TokenBar({
  counts,
  most,
}: {
  readonly counts: Readonly<Record<Kind, number>>;
  readonly most: number;
}): ReactNode {
  let from = 0;
  return (
    <svg className="bar tokens" viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">
      <rect className="track" width={100} height={6} />
      {kinds.map((kind) => {
        const width = (100 * counts[kind]) / most;
        from += width;
        return <rect key={kind} className={kind} x={from - width} width={width} height={6} />;
      })}
    </svg>
  );
}
