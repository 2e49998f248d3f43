import type { OutputOf, operations } from '@mini-claude-bot/contract';
import { useFormat } from '../../i18n/format.ts';
import { overviewWords } from '../../i18n/overview.ts';
import { useWords } from '../../settings/settings.tsx';
import { Dot } from '../../ui/badge.tsx';
import { useLater } from '../../ui/later.tsx';

export type Overview = OutputOf<typeof operations.getOverview>;

const tones = { logged_in: 'good', logged_out: 'danger', unknown: 'off' } as const;

/** Which gateway this is, since when it runs, and whether Claude is logged in. */
export function GatewayLine({ overview }: { overview: Overview }) {
  const words = useWords(overviewWords);
  const format = useFormat();
  const isLater = useLater();
  const since = overview.started_at * 1000;
  return (
    <p className="flex flex-wrap items-center gap-x-4 gap-y-1 text-sm text-soft">
      <span className="inline-flex items-center gap-2">
        <Dot tone={tones[overview.claude]} />
        {words.claude[overview.claude]}
      </span>
      <time
        dateTime={new Date(since).toISOString()}
        title={isLater ? format.full(since) : undefined}
      >
        {words.since(format.relative(since, Date.now()))}
      </time>
      <span>{words.version(overview.version)}</span>
    </p>
  );
}
