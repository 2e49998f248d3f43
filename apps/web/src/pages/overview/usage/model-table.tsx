import type { ClaudeUsage, ModelUsage } from '@mini-claude-bot/contract';
import { useFormat } from '../../../i18n/format.ts';
import { overviewWords } from '../../../i18n/overview.ts';
import { useWords } from '../../../settings/settings.tsx';
import { cx } from '../../../ui/cx.ts';
import { type Column, Table } from '../../../ui/table.tsx';
import { modelTone } from './model-tone.ts';
import { shortModel, tokensOf } from './usage-days.ts';

interface Row extends ModelUsage {
  readonly model: string;
}

/** What each model took in all. */
export function ModelTable({ usage, models }: { usage: ClaudeUsage; models: readonly string[] }) {
  const words = useWords(overviewWords);
  const format = useFormat();
  const rows: Row[] = Object.entries(usage.model_usage)
    .map(([model, used]) => ({ model, ...used }))
    .toSorted((a, b) => tokensOf(b) - tokensOf(a));
  if (rows.length === 0) return null;
  const figure = (
    key: string,
    head: string,
    of: (row: Row) => number,
    wide = true,
  ): Column<Row> => ({
    key,
    head,
    numeric: true,
    wide,
    cell: (row) => format.compact(of(row)),
  });
  const columns: readonly Column<Row>[] = [
    {
      key: 'model',
      head: words.model,
      cell: ({ model }) => (
        <span title={model} className="inline-flex items-center gap-2">
          <span
            aria-hidden
            className={cx('size-2 shrink-0 rounded-full', modelTone(model, models))}
          />
          <bdi className="[overflow-wrap:anywhere]">{shortModel(model)}</bdi>
        </span>
      ),
    },
    figure('requests', words.requests, ({ requests }) => requests),
    figure('in', words.tokensIn, ({ input_tokens }) => input_tokens),
    figure('read', words.cacheRead, ({ cache_read_tokens }) => cache_read_tokens),
    figure('written', words.cacheWritten, ({ cache_creation_tokens }) => cache_creation_tokens),
    figure('out', words.tokensOut, ({ output_tokens }) => output_tokens),
    figure('all', words.measures.tokens, tokensOf, false),
    {
      key: 'cost',
      head: words.byTable,
      numeric: true,
      cell: ({ cost_usd }) => (cost_usd === null ? '–' : format.cost(cost_usd)),
    },
  ];
  return (
    <Table caption={words.byModel} columns={columns} rows={rows} keyOf={({ model }) => model} />
  );
}
