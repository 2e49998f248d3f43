import type { TaskState } from '@mini-claude-bot/contract';
import { taskWords } from '../../i18n/tasks.ts';
import { useWords } from '../../settings/settings.tsx';
import { Badge, Dot } from '../../ui/badge.tsx';

const looks = {
  running: { tone: 'accent', dot: 'busy' },
  waiting: { tone: 'accent', dot: 'good' },
  completed: { tone: 'plain', dot: 'good' },
  blocked: { tone: 'warn', dot: 'warn' },
  incomplete: { tone: 'warn', dot: 'warn' },
  failed: { tone: 'danger', dot: 'danger' },
  stopped: { tone: 'plain', dot: 'off' },
  superseded: { tone: 'plain', dot: 'off' },
} as const;

export const isAtWork = (state: TaskState): boolean => state === 'running' || state === 'waiting';

export function TaskStateBadge({ state }: { state: TaskState }) {
  const words = useWords(taskWords);
  const { tone, dot } = looks[state];
  return (
    <span title={words.stateHints[state]} className="shrink-0">
      <Badge tone={tone}>
        <Dot tone={dot} />
        {words.states[state]}
      </Badge>
    </span>
  );
}
