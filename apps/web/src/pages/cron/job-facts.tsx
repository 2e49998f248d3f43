import type { CronJob } from '@mini-claude-bot/contract';
import type { ReactNode } from 'react';
import { cronWords } from '../../i18n/cron.ts';
import { useFormat } from '../../i18n/format.ts';
import { useWords } from '../../settings/settings.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { cx } from '../../ui/cx.ts';
import { ScrollBox } from '../../ui/scroll-box.tsx';
import { useNow } from '../../ui/use-now.ts';
import { ScheduleWords } from './schedule-words.tsx';
import { whatGatewayDoes } from './what-gateway-does.ts';

/** When a job runs, what it does, and what else was decided about it. */
export function JobFacts({ job }: { job: CronJob }) {
  const words = useWords(cronWords);
  const title =
    job.job_type === 'claude'
      ? words.prompt
      : job.job_type === 'gateway'
        ? words.does
        : words.command;
  return (
    <div className="flex flex-col gap-5">
      <section aria-label={words.schedule} className="flex flex-col gap-1">
        <p className="font-semibold text-lg leading-snug">
          <ScheduleWords expression={job.cron_expression} />
        </p>
        <p className="flex flex-wrap items-center gap-x-2 text-sm text-soft">
          <code className="rounded-sm bg-sunken px-1.5 py-0.5 font-mono text-xs [overflow-wrap:anywhere]">
            {job.cron_expression}
          </code>
          <bdi>{job.timezone ?? words.gatewayZone}</bdi>
          <Next job={job} />
        </p>
      </section>
      <section aria-label={title} className="flex flex-col gap-1.5">
        <h3 className="font-medium text-soft text-xs">{title}</h3>
        <div className="group relative rounded-lg border border-line bg-surface">
          <ScrollBox
            dir="auto"
            className={cx(
              'max-h-60 overflow-auto whitespace-pre-wrap py-3 pr-11 pl-4 leading-relaxed [overflow-wrap:anywhere]',
              job.job_type === 'claude' ? 'text-sm' : 'font-mono text-xs',
            )}
          >
            {job.command}
          </ScrollBox>
          <CopyButton text={job.command} className="absolute top-1.5 right-1.5" />
        </div>
        {job.job_type === 'gateway' && (
          <p className="text-sm text-soft">{whatGatewayDoes(job.command, words)}</p>
        )}
      </section>
      <Settings job={job} />
    </div>
  );
}

function Next({ job: { next_run_at, timezone } }: { job: CronJob }) {
  const words = useWords(cronWords);
  const format = useFormat();
  const now = useNow();
  if (next_run_at === null) return null;
  const at = Date.parse(next_run_at);
  return (
    <span>
      <span aria-hidden>· </span>
      <time dateTime={next_run_at} title={format.full(at)} className="text-accent-strong">
        {at <= now ? words.due : words.next(format.relative(at, now))}
      </time>{' '}
      ({format.zoned(at, timezone ?? undefined)})
    </span>
  );
}

/** What is as it usually is need not be said. */
function Settings({ job }: { job: CronJob }) {
  const words = useWords(cronWords);
  const format = useFormat();
  const { facts, form } = words;
  const at = (iso: string): string => format.zoned(Date.parse(iso), job.timezone ?? undefined);
  const shown: readonly (readonly [string, ReactNode] | undefined)[] = [
    [
      facts.tells,
      job.notify_chat_id === null ? facts.nobody : facts[job.notify](job.notify_chat_id),
    ],
    job.job_type === 'claude' ? [facts.session, form.sessions[job.session]] : undefined,
    job.retries > 0 ? [facts.retries, facts.retriesOf(job.retries)] : undefined,
    job.timeout_seconds === null
      ? undefined
      : [facts.timeout, format.duration(job.timeout_seconds * 1000)],
    [facts.missed, form.misfires[job.misfire]],
    job.overlap === 'skip' ? undefined : [facts.overlap, form.overlaps[job.overlap]],
    job.starts_at === null ? undefined : [facts.from, at(job.starts_at)],
    job.ends_at === null ? undefined : [facts.until, at(job.ends_at)],
  ];
  return (
    <dl className="grid grid-cols-2 gap-x-6 gap-y-3 text-sm sm:grid-cols-3">
      {shown.map(
        (fact) =>
          fact !== undefined && (
            <div key={fact[0]} className="min-w-0">
              <dt className="font-medium text-soft text-xs">{fact[0]}</dt>
              <dd className="break-words">
                <bdi>{fact[1]}</bdi>
              </dd>
            </div>
          ),
      )}
    </dl>
  );
}
