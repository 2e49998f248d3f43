import { type TaskStep, TurnId } from '@mini-claude-bot/contract';
import { useState } from 'react';
import { useGateway } from '../../../api/gateway.tsx';
import { useFormat } from '../../../i18n/format.ts';
import { taskWords } from '../../../i18n/tasks.ts';
import { useWords } from '../../../settings/settings.tsx';
import { Dot } from '../../../ui/badge.tsx';
import { Fold } from '../../../ui/fold.tsx';
import { Panel } from '../../../ui/panel.tsx';
import { TurnAsItGoes } from '../../chats/turn/live-answer.tsx';
import { TurnSteps } from '../../chats/turn/past-steps.tsx';
import { TurnFeeds } from '../../chats/turn/turn-feeds.ts';
import { LongText } from '../long-text.tsx';
import type { TaskWithSteps } from './task-view.tsx';

/** More of a long chain is shown on request. */
const shownAtFirst = 20;

/** Its steps, the last one first: what Claude did and said in each, also while it does. */
export function TaskLog({ task }: { task: TaskWithSteps }) {
  const words = useWords(taskWords);
  const client = useGateway();
  const [feeds] = useState(() => new TurnFeeds(client));
  const [all, setAll] = useState(false);
  const steps = task.steps.toReversed();
  const shown = all ? steps : steps.slice(0, shownAtFirst);
  return (
    <Panel
      title={words.log}
      aside={<span className="text-soft text-xs tabular-nums">{words.steps(steps.length)}</span>}
    >
      <ol className="flex flex-col">
        {shown.map((step, index) => (
          <li
            key={step.number}
            className="relative flex gap-3 pb-4 last:pb-0 before:absolute before:top-5 before:bottom-0 before:left-[3.5px] before:w-px before:bg-line last:before:hidden"
          >
            <span className="flex h-5 items-center">
              <Dot tone={toneOf(step)} />
            </span>
            <Step step={step} feeds={feeds} isLast={index === 0} />
          </li>
        ))}
      </ol>
      {shown.length < steps.length && (
        <button
          type="button"
          onClick={() => setAll(true)}
          className="self-start font-medium text-accent text-sm hover:underline"
        >
          {words.allSteps(steps.length)}
        </button>
      )}
    </Panel>
  );
}

function toneOf({ state, turn_state }: TaskStep): 'off' | 'good' | 'busy' | 'danger' {
  if (state === 'begun') return 'busy';
  if (turn_state === 'failed' || turn_state === 'refused') return 'danger';
  return state === 'ended' && turn_state === 'completed' ? 'good' : 'off';
}

interface StepProps {
  readonly step: TaskStep;
  readonly feeds: TurnFeeds;
  readonly isLast: boolean;
}

function Step({ step, feeds, isLast }: StepProps) {
  const words = useWords(taskWords);
  const format = useFormat();
  const { state, response, turn_id, due_at } = step;
  return (
    <div className="flex min-w-0 flex-1 flex-col gap-2">
      <p className="flex flex-wrap items-baseline gap-x-2 text-sm">
        <span className="font-medium">
          {words.step(step.number + 1, words.stepKinds[step.kind])}
        </span>
        <span className="text-soft text-xs">{stepState(step, words)}</span>
        {due_at !== null && (
          <time
            dateTime={new Date(due_at * 1000).toISOString()}
            title={format.full(due_at * 1000)}
            className="text-soft text-xs tabular-nums"
          >
            {format.moment(due_at * 1000)}
          </time>
        )}
      </p>
      {state === 'begun' && turn_id !== null && <TurnAsItGoes feed={feeds.of(turn_id)} />}
      {state === 'ended' && response !== null && response !== '' && (
        <Response text={response} open={isLast} />
      )}
      {state === 'ended' && turn_id !== null && <Work turnId={turn_id} />}
    </div>
  );
}

function stepState(
  { state, turn_state }: TaskStep,
  words: { readonly stepStates: Readonly<Record<string, string>> },
): string {
  const name = state === 'ended' ? (turn_state ?? state) : state;
  return words.stepStates[name] ?? name;
}

/** What Claude says to the gateway alone, such as that a batch is done, is nothing to read. */
const withoutMarkers = (text: string): string =>
  text.replace(/\[HARNESS_[A-Z_]+(?::[^\]]*)?\]/g, '').trim();

/** What an earlier step said is folded: the last one is what most want to read. */
function Response({ text, open }: { text: string; open: boolean }) {
  const words = useWords(taskWords);
  const [wanted, setWanted] = useState(false);
  const said = withoutMarkers(text);
  if (open) {
    return (
      <div className="text-sm">
        <LongText text={said} markdown />
      </div>
    );
  }
  return (
    <Fold
      plain
      onOpen={() => setWanted(true)}
      summary={
        <bdi className="min-w-0 truncate text-ink">{said.slice(0, 200) || words.response}</bdi>
      }
    >
      {wanted && <LongText text={said} markdown />}
    </Fold>
  );
}

/** What Claude did in it, read when it is opened. */
function Work({ turnId }: { turnId: string }) {
  const words = useWords(taskWords);
  const [wanted, setWanted] = useState(false);
  return (
    <Fold plain onOpen={() => setWanted(true)} summary={<span>{words.whatItDid}</span>}>
      {wanted && <TurnSteps turnId={TurnId.parse(turnId)} />}
    </Fold>
  );
}
