import { type MessageTurn, operations, type TurnId } from '@mini-claude-bot/contract';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useGateway } from '../../../api/gateway.tsx';
import { chatWords } from '../../../i18n/chats.ts';
import { useWords } from '../../../settings/settings.tsx';
import { Fold } from '../../../ui/fold.tsx';
import { ErrorNotice, Skeleton } from '../../../ui/states.tsx';
import { StepList } from './steps-fold.tsx';

/** What Claude did on the way to an answer that is there: read when it is opened. */
export function PastSteps({ turn }: { turn: MessageTurn }) {
  const words = useWords(chatWords);
  const [isOpen, setIsOpen] = useState(false);
  if (turn.steps === 0) return null;
  return (
    <Fold
      onOpen={() => setIsOpen(true)}
      summary={<span className="font-medium">{words.steps(turn.steps)}</span>}
    >
      {isOpen && <TurnSteps turnId={turn.id} />}
    </Fold>
  );
}

/** All steps of a turn that has ended. */
export function TurnSteps({ turnId }: { turnId: TurnId }) {
  const words = useWords(chatWords);
  const client = useGateway();
  const steps = useQuery({
    queryKey: ['steps', turnId],
    queryFn: ({ signal }) => client.call(operations.turnSteps, { turn_id: turnId }, signal),
    staleTime: Number.POSITIVE_INFINITY,
  });
  if (steps.isError) {
    return <ErrorNotice error={steps.error} onRetry={() => void steps.refetch()} />;
  }
  if (steps.data?.length === 0) return <p>{words.noSteps}</p>;
  return steps.data === undefined ? (
    <Skeleton className="h-4 w-56" />
  ) : (
    <StepList steps={steps.data} />
  );
}
