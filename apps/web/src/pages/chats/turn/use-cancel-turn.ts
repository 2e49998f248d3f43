import { operations, type TurnId } from '@mini-claude-bot/contract';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useGateway } from '../../../api/gateway.tsx';
import { useErrorWords } from '../../../i18n/errors.ts';
import { useToast } from '../../../ui/toast.tsx';

/** Ends one turn, whether it runs or waits. What waits behind it stays. */
export function useCancelTurn() {
  const client = useGateway();
  const queries = useQueryClient();
  const errorWords = useErrorWords();
  const toast = useToast();
  return useMutation({
    mutationFn: (turn_id: TurnId) => client.call(operations.cancelTurn, { turn_id }),
    onError: (error) => toast({ tone: 'danger', text: errorWords(error).title }),
    onSettled: () => queries.invalidateQueries({ queryKey: ['conversation'] }),
  });
}
