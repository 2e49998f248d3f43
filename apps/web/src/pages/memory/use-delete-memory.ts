import { BotId, type Memory, operations } from '@mini-claude-bot/contract';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useGateway } from '../../api/gateway.tsx';
import { useSayError } from '../../api/use-say-error.ts';
import { common } from '../../i18n/common.ts';
import { memoryWords } from '../../i18n/memory.ts';
import { useWords } from '../../settings/settings.tsx';
import { useToast } from '../../ui/toast.tsx';
import { memoriesQuery } from './memory-queries.ts';

/** Forgets a memory at once, and offers to have it back: that makes it anew, with the same name and content. */
export function useDeleteMemory() {
  const words = useWords(memoryWords);
  const { undo } = useWords(common);
  const client = useGateway();
  const queries = useQueryClient();
  const toast = useToast();
  const sayError = useSayError();
  const readAgain = () => queries.invalidateQueries({ queryKey: ['memory'] });
  const restore = useMutation({
    mutationFn: ({ key, content, category, bot_id }: Memory) =>
      client.call(operations.addMemory, { key, content, category, bot_id: BotId.parse(bot_id) }),
    onSuccess: (_, { key }) => toast({ text: words.restored(shortened(key)) }),
    onError: sayError,
    onSettled: readAgain,
  });
  return useMutation({
    mutationFn: ({ id }: Memory) => client.call(operations.deleteMemory, { memory_id: id }),
    // It goes at once: if it stays after all, the reading below brings it back.
    onMutate: ({ id, bot_id }) => {
      queries.setQueryData(memoriesQuery(client, BotId.parse(bot_id)).queryKey, (all) =>
        all?.filter((one) => one.id !== id),
      );
    },
    onSuccess: (_, memory) =>
      toast({
        text: words.deleted(shortened(memory.key)),
        action: { label: undo, run: () => restore.mutate(memory) },
      }),
    onError: sayError,
    onSettled: readAgain,
  });
}

/** What fits into a line. */
const shortened = (text: string): string => (text.length > 60 ? `${text.slice(0, 60)}…` : text);
