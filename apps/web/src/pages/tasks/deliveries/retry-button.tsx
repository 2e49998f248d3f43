import { type Delivery, operations } from '@mini-claude-bot/contract';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { RotateCw } from 'lucide-react';
import { useGateway } from '../../../api/gateway.tsx';
import { useSayError } from '../../../api/use-say-error.ts';
import { taskWords } from '../../../i18n/tasks.ts';
import { useWords } from '../../../settings/settings.tsx';
import { Button } from '../../../ui/button.tsx';
import { useToast } from '../../../ui/toast.tsx';

/** Take a dead delivery up again, or try one at once that waits. */
export function RetryButton({ delivery }: { delivery: Pick<Delivery, 'id' | 'state' | 'reason'> }) {
  const words = useWords(taskWords);
  const client = useGateway();
  const queries = useQueryClient();
  const toast = useToast();
  const onError = useSayError();
  const retry = useMutation({
    mutationFn: () => client.call(operations.retryDelivery, { delivery_id: delivery.id }),
    onSuccess: ({ retried }) => toast({ text: retried ? words.retried : words.hadArrived }),
    onError,
    onSettled: () => queries.invalidateQueries({ queryKey: ['deliveries'] }),
  });
  const { state, reason } = delivery;
  if (state !== 'dead' && !(state === 'queued' && reason !== null)) return null;
  return (
    <Button small icon={RotateCw} pending={retry.isPending} onClick={() => retry.mutate()}>
      {state === 'dead' ? words.retry : words.retryNow}
    </Button>
  );
}
