import type { MessageTurn } from '@mini-claude-bot/contract';
import { useState, useSyncExternalStore } from 'react';
import { chatWords } from '../../../i18n/chats.ts';
import { useWords } from '../../../settings/settings.tsx';
import { Fold } from '../../../ui/fold.tsx';
import { useChatsPage } from '../chats-context.ts';
import { StepList } from './steps-fold.tsx';

/** How long the gateway keeps what happened on the way, in milliseconds after the end. */
const keptMs = 55 * 60_000;

/** What Claude did on the way to an answer that is there: asked for when it is opened. */
export function PastSteps({ turn }: { turn: MessageTurn }) {
  const words = useWords(chatWords);
  const [isOpen, setIsOpen] = useState(false);
  const finishedMs = (turn.finished_at ?? 0) * 1000;
  if (turn.started_at === null || Date.now() - finishedMs > keptMs) return null;
  return (
    <Fold
      onOpen={() => setIsOpen(true)}
      summary={<span className="font-medium">{words.showSteps}</span>}
    >
      {isOpen && <Steps turnId={turn.id} />}
    </Fold>
  );
}

function Steps({ turnId }: { turnId: string }) {
  const words = useWords(chatWords);
  const { feeds } = useChatsPage();
  const feed = feeds.of(turnId);
  const { steps, outcome } = useSyncExternalStore(feed.watch, feed.snapshot);
  if (steps.length > 0) return <StepList steps={steps} />;
  return <p>{outcome === undefined ? '…' : words.noSteps}</p>;
}
