import type { PushedMetrics } from '@mini-claude-bot/contract';
import type { ReactNode } from 'react';
import { Card } from './card.tsx';
import type { View } from './view.ts';

type Job = PushedMetrics['cron_jobs'][number];

const mostShown = 30;

export function JobsCard(view: View): ReactNode {
  const { state, words } = view;
  const jobs = state.metrics.cron_jobs.toSorted(
    (a, b) => Number(b.enabled) - Number(a.enabled) || nextOf(a) - nextOf(b),
  );
  const on = jobs.filter(({ enabled }) => enabled).length;
  const { jobs: say } = words;
  const left = jobs.length - mostShown;
  return (
    <Card id="jobs" title={say.title} note={say.active(on, jobs.length)}>
      {jobs.length === 0 && <p className="note">{say.none}</p>}
      <ul className="rows">
        {jobs.slice(0, mostShown).map((job) => (
          <JobRow key={job.id} job={job} {...view} />
        ))}
      </ul>
      {left > 0 && <p className="note">{say.more(left)}</p>}
    </Card>
  );
}

const nextOf = ({ next_run_at: next }: Job): number =>
  next === null ? Number.MAX_SAFE_INTEGER : Date.parse(next);

function JobRow({ job, words, writing }: View & { readonly job: Job }): ReactNode {
  const { jobs: say } = words;
  const zone = job.timezone === null ? '' : ` · ${job.timezone}`;
  const last = writing.ago(job.last_run_at);
  const next = writing.ago(job.next_run_at);
  const state = job.last_state;
  return (
    <li className={job.enabled ? undefined : 'off'}>
      <p className="row-head">
        <span className="name">{job.name}</span>
        <span className="tag" data-state={job.enabled ? (state ?? 'none') : 'off'}>
          {job.enabled ? (state === null ? say.ready : (say.states[state] ?? state)) : say.off}
        </span>
      </p>
      <p className="detail">
        <code>{job.cron_expression}</code>
        {zone}
      </p>
      <p className="detail">
        {say.last}: <Time at={job.last_run_at} text={last ?? say.never} />
        {job.enabled && next !== undefined && (
          <>
            {' · '}
            {say.next}: <Time at={job.next_run_at} text={next} />
          </>
        )}
      </p>
      {job.last_result_preview != null && <p className="preview">{job.last_result_preview}</p>}
    </li>
  );
}

/** A time as seen from now; what it is exactly is told where one points at it. */
function Time({ at, text }: { readonly at: string | null; readonly text: string }): ReactNode {
  if (at === null || !Number.isFinite(Date.parse(at))) return text;
  const exact = new Date(at).toISOString();
  return (
    <time dateTime={exact} title={exact}>
      {text}
    </time>
  );
}
