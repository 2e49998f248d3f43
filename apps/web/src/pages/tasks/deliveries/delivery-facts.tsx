import type { Delivery } from '@mini-claude-bot/contract';
import { useFormat } from '../../../i18n/format.ts';
import { taskWords } from '../../../i18n/tasks.ts';
import { useWords } from '../../../settings/settings.tsx';
import { ChatLink } from '../chat-link.tsx';

/** Why it did not arrive, or not yet: in the reader's language, and with what the gateway says to do. */
export function DeliveryReasonText({
  delivery: { reason, detail, state },
}: {
  delivery: Delivery;
}) {
  const words = useWords(taskWords);
  if (reason === null || state === 'delivered') return null;
  return (
    <p className="text-sm [overflow-wrap:anywhere]">
      <span className={state === 'dead' ? 'font-medium text-danger' : 'font-medium text-warn'}>
        {words.reasons[reason]}
      </span>
      {detail !== null && (
        <span className="text-soft">
          {' '}
          <bdi>{detail}</bdi>
        </span>
      )}
    </p>
  );
}

/** To whom, of what, when, and how often it was tried. */
export function DeliveryFacts({ delivery }: { delivery: Delivery }) {
  const words = useWords(taskWords);
  const format = useFormat();
  const { bot_id, chat_id, source, attempts, created_at, not_before, state } = delivery;
  const madeMs = created_at * 1000;
  const nextMs = not_before === null ? undefined : not_before * 1000;
  return (
    <p className="flex min-w-0 flex-wrap items-center gap-x-3 gap-y-1 text-soft text-xs">
      <ChatLink botId={bot_id} chatId={chat_id} />
      <span>{words.sources[source.kind]}</span>
      <time
        dateTime={new Date(madeMs).toISOString()}
        title={format.full(madeMs)}
        className="tabular-nums"
      >
        {format.moment(madeMs)}
      </time>
      {attempts > 0 && state !== 'delivered' && <span>{words.attempts(attempts)}</span>}
      {nextMs !== undefined && state !== 'dead' && nextMs > Date.now() && (
        <span>{words.nextTry(format.relative(nextMs, Date.now()))}</span>
      )}
      {delivery.maybe_duplicate && (
        <span title={words.maybeTwiceHint} className="text-warn">
          {words.maybeTwice}
        </span>
      )}
    </p>
  );
}
