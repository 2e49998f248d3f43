import type { ConversationMessage } from '@mini-claude-bot/contract';
import { chatWords } from '../../../i18n/chats.ts';
import { momentOf, useFormat } from '../../../i18n/format.ts';
import { useWords } from '../../../settings/settings.tsx';
import { Badge } from '../../../ui/badge.tsx';
import { Button } from '../../../ui/button.tsx';
import { useCancelTurn } from '../turn/use-cancel-turn.ts';
import { Bubble } from './bubble.tsx';
import { isOpen } from './message-log.ts';
import { WholeMessage } from './whole-message.tsx';

export interface SaidRowProps {
  readonly message: ConversationMessage;
  /** Messages that come first; undefined: it does not wait. */
  readonly position: number | undefined;
}

/** What a person, or a part of the gateway, said to Claude. */
export function SaidRow({ message, position }: SaidRowProps) {
  const words = useWords(chatWords);
  const format = useFormat();
  const cancel = useCancelTurn();
  const at = momentOf(message.created_at);
  const { turn, content } = message;
  const isCut = [...content].length < message.length;
  const details = (
    <>
      <Writer message={message} />
      <time dateTime={new Date(at).toISOString()} title={format.full(at)}>
        {format.time(at)}
      </time>
      {position !== undefined && turn !== null && isOpen(turn) && (
        <>
          <Badge tone="warn">{words.waiting(position)}</Badge>
          <Button small pending={cancel.isPending} onClick={() => cancel.mutate(turn.id)}>
            {words.cancelTurn}
          </Button>
        </>
      )}
    </>
  );
  if (!isCut) return <Bubble text={content}>{details}</Bubble>;
  return (
    <div className="flex flex-col items-end gap-1">
      <WholeMessage message={message}>
        <p dir="auto" className="whitespace-pre-wrap [overflow-wrap:anywhere]">
          {content}
        </p>
      </WholeMessage>
      <div className="flex items-center gap-2 text-soft text-xs">{details}</div>
    </div>
  );
}

/** Who wrote, and where. */
function Writer({ message: { username, user_id, source } }: { message: ConversationMessage }) {
  const words = useWords(chatWords);
  const known: Readonly<Record<string, string>> = words.from;
  const where = known[source] ?? source;
  const name = username ?? user_id;
  return (
    <span>
      {name !== null && (
        <>
          <bdi className="font-medium">{name}</bdi>
          {' · '}
        </>
      )}
      {where}
    </span>
  );
}
