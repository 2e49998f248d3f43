import type { Delivery } from '@mini-claude-bot/contract';
import { taskWords } from '../../../i18n/tasks.ts';
import { useWords } from '../../../settings/settings.tsx';
import { Badge, Dot } from '../../../ui/badge.tsx';

const looks = {
  queued: { tone: 'plain', dot: 'off' },
  sending: { tone: 'accent', dot: 'busy' },
  delivered: { tone: 'plain', dot: 'good' },
  dead: { tone: 'danger', dot: 'danger' },
} as const;

/** What waits because something went wrong is told from what waits for its turn alone. */
export function DeliveryStateBadge({ state, reason }: Pick<Delivery, 'state' | 'reason'>) {
  const words = useWords(taskWords);
  const isHeldUp = state === 'queued' && reason !== null;
  const { tone, dot } = isHeldUp ? ({ tone: 'warn', dot: 'warn' } as const) : looks[state];
  return (
    <span className="shrink-0">
      <Badge tone={tone}>
        <Dot tone={dot} />
        {words.deliveryStates[state]}
      </Badge>
    </span>
  );
}
