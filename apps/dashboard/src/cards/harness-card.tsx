import type { PushedMetrics } from '@mini-claude-bot/contract';
import type { ReactNode } from 'react';
import { Bar, Card, Figures } from './card.tsx';
import type { View } from './view.ts';

type Harness = PushedMetrics['harness'];
type Job = Harness['running_jobs'][number];

const mostEnded = 5;
const mostArchived = 8;

export function HarnessCard(view: View): ReactNode {
  const { state, words, writing } = view;
  const { harness } = state.metrics;
  const { harness: say } = words;
  const atWork = [...harness.running_jobs, ...harness.completed_jobs.slice(0, mostEnded)];
  return (
    <Card id="harness" title={say.title}>
      <Figures
        of={[
          [say.running, writing.count(harness.running_jobs.length)],
          [say.ended, writing.count(harness.completed_jobs.length)],
          [say.archived, writing.count(harness.archived_count)],
        ]}
      />
      {atWork.length === 0 && <p className="note">{say.none}</p>}
      <ul className="rows">
        {atWork.map((job, n) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: two may have the same name, and none has a state.
          <TaskRow key={n} job={job} {...view} />
        ))}
      </ul>
      {harness.archived_projects.length > 0 && (
        <>
          <h3>{say.archived}</h3>
          <ul className="rows">
            {harness.archived_projects.slice(0, mostArchived).map((project) => (
              <li key={`${project.project_name} ${project.archived_at}`}>
                <p className="row-head">
                  <span className="name">{project.project_name}</span>
                  <span className="tag" data-state={project.status}>
                    {say.states[project.status] ?? project.status}
                  </span>
                </p>
                <p className="detail">
                  {say.done(project.tasks_done, project.tasks_total)}
                  {project.tasks_blocked > 0 && ` · ${say.blocked(project.tasks_blocked)}`}
                  {' · '}
                  {writing.day(project.archived_at)}
                </p>
              </li>
            ))}
          </ul>
        </>
      )}
    </Card>
  );
}

function TaskRow({ job, words, writing }: View & { readonly job: Job }): ReactNode {
  const { harness: say } = words;
  const { harness } = job;
  return (
    <li>
      <p className="row-head">
        <span className="name">{harness?.project_name ?? job.project_id}</span>
        <span className="tag" data-state={job.bg_status}>
          {say.states[job.bg_status] ?? job.bg_status}
        </span>
      </p>
      <p className="detail">
        {lengthOf(job.elapsed_seconds, writing.count)}
        {job.chain_depth > 0 && ` · ${say.step(job.chain_depth)}`}
        {harness !== null && ` · ${say.done(harness.done, harness.total)}`}
        {harness !== null && harness.blocked > 0 && ` · ${say.blocked(harness.blocked)}`}
      </p>
      {harness !== null && harness.total > 0 && (
        <Bar percent={(100 * harness.done) / harness.total} />
      )}
      {harness !== null && Object.keys(harness.phases).length > 0 && (
        <ol className="phases" aria-label={say.phases}>
          {Object.entries(harness.phases).map(([name, counts]) => (
            <li
              key={name}
              data-state={
                counts.done === counts.total
                  ? 'done'
                  : name === harness.current_phase
                    ? 'present'
                    : 'later'
              }
            >
              {name} <b>{`${counts.done}/${counts.total}`}</b>
            </li>
          ))}
        </ol>
      )}
    </li>
  );
}

/** 1:05:09 */
function lengthOf(seconds: number, count: (value: number) => string): string {
  const two = (value: number): string => String(value).padStart(2, '0');
  const [hours, rest] = [Math.floor(seconds / 3600), seconds % 3600];
  const minutes = `${two(Math.floor(rest / 60))}:${two(rest % 60)}`;
  return hours === 0 ? minutes : `${count(hours)}:${minutes}`;
}
