import { BotId, ChatId, operations } from '@mini-claude-bot/contract';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { EllipsisVertical, LifeBuoy, Link2, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { useGateway } from '../../api/gateway.tsx';
import { chatWords } from '../../i18n/chats.ts';
import { common } from '../../i18n/common.ts';
import { useErrorWords } from '../../i18n/errors.ts';
import { useWords } from '../../settings/settings.tsx';
import { copyText } from '../../ui/copy-button.tsx';
import { Confirm } from '../../ui/dialog.tsx';
import { Menu } from '../../ui/menu.tsx';
import { useToast } from '../../ui/toast.tsx';

/** Free a chat that is stuck, or end it for good. */
export function ChatActions({ botId, chatId }: { botId: string; chatId: string }) {
  const words = useWords(chatWords);
  const commonWords = useWords(common);
  const client = useGateway();
  const queries = useQueryClient();
  const errorWords = useErrorWords();
  const toast = useToast();
  const [asks, setAsks] = useState(false);
  const chat = { bot_id: BotId.parse(botId), chat_id: ChatId.parse(chatId) };
  const onError = (error: unknown): void => {
    const { title, detail } = errorWords(error);
    toast({ tone: 'danger', text: detail === undefined ? title : `${title} ${detail}` });
  };
  const onSettled = () => queries.invalidateQueries({ queryKey: ['chats'] });
  const reset = useMutation({
    mutationFn: () => client.call(operations.resetSession, chat),
    onSuccess: () => toast({ text: words.resetDone }),
    onError,
    onSettled,
  });
  const forget = useMutation({
    mutationFn: () => client.call(operations.stopChat, chat),
    onSuccess: ({ stopped }) => {
      setAsks(false);
      toast({ text: stopped ? words.forgetDone : words.forgetNothing });
    },
    onError,
    onSettled,
  });
  const copyLink = async (): Promise<void> => {
    const { origin, pathname } = window.location;
    if (await copyText(origin + pathname)) toast({ text: commonWords.copied });
  };
  return (
    <>
      <Menu
        icon={EllipsisVertical}
        label={words.actions}
        entries={[
          {
            kind: 'item',
            icon: Link2,
            label: words.copyLink,
            onSelect: () => void copyLink(),
          },
          { kind: 'item', icon: LifeBuoy, label: words.reset, onSelect: () => reset.mutate() },
          { kind: 'line' },
          {
            kind: 'item',
            icon: Trash2,
            label: `${words.forget} …`,
            danger: true,
            onSelect: () => setAsks(true),
          },
        ]}
      />
      <Confirm
        open={asks}
        onClose={() => setAsks(false)}
        title={words.forgetTitle}
        action={words.forget}
        pending={forget.isPending}
        onConfirm={() => forget.mutate()}
      >
        <p>{words.forgetIntro}</p>
        <ul className="my-2 list-disc pl-5">
          {words.forgetLost.map((lost) => (
            <li key={lost}>{lost}</li>
          ))}
        </ul>
        <p className="text-soft">{words.forgetKept}</p>
      </Confirm>
    </>
  );
}
