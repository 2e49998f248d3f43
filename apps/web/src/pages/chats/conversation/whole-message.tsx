import { BotId, type ConversationMessage, operations } from '@mini-claude-bot/contract';
import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { useGateway } from '../../../api/gateway.tsx';
import { chatWords } from '../../../i18n/chats.ts';
import { useFormat } from '../../../i18n/format.ts';
import { useWords } from '../../../settings/settings.tsx';
import { Button } from '../../../ui/button.tsx';
import { ScrollBox } from '../../../ui/scroll-box.tsx';
import { ErrorNotice } from '../../../ui/states.tsx';

/** A message of which only the beginning came: that, and the whole on request, as plain text. */
export function WholeMessage({
  message,
  children,
}: {
  message: ConversationMessage;
  /** The beginning. */
  children: ReactNode;
}) {
  const words = useWords(chatWords);
  const format = useFormat();
  const client = useGateway();
  const [wanted, setWanted] = useState(false);
  const whole = useQuery({
    queryKey: ['message', message.id],
    queryFn: async ({ signal }) => {
      const { session_id, id } = message;
      const place = { session_id, bot_id: BotId.parse(message.bot_id), after: id - 1, limit: 1 };
      const input = { ...place, whole: true };
      const page = await client.call(operations.readConversation, input, signal);
      return page.messages[0]?.content ?? '';
    },
    enabled: wanted,
    staleTime: Number.POSITIVE_INFINITY,
  });
  const shown = [...message.content].length;
  if (whole.data !== undefined) {
    return (
      <ScrollBox
        dir="auto"
        className="max-h-[70dvh] overflow-auto whitespace-pre-wrap rounded-lg border border-line bg-surface p-3 font-mono text-xs [overflow-wrap:anywhere]"
      >
        {whole.data}
      </ScrollBox>
    );
  }
  return (
    <div className="flex flex-col gap-2">
      <div className="max-h-[70dvh] overflow-auto rounded-lg border border-line p-3">
        {children}
      </div>
      <div className="flex flex-wrap items-center gap-2 text-soft text-xs">
        {words.cut(format.number(shown), format.number(message.length))}
        <Button small pending={whole.isFetching} onClick={() => setWanted(true)}>
          {words.showAll}
        </Button>
      </div>
      {whole.isError && <ErrorNotice error={whole.error} onRetry={() => void whole.refetch()} />}
    </div>
  );
}
