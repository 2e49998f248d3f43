import type { MessageTurn } from '@mini-claude-bot/contract';
import { useSyncExternalStore } from 'react';
import { chatWords } from '../../../i18n/chats.ts';
import { useWords } from '../../../settings/settings.tsx';
import { Dot } from '../../../ui/badge.tsx';
import { useChatsPage } from '../chats-context.ts';
import { GrowingText } from './growing-text.tsx';
import { StepsFold } from './steps-fold.tsx';
import type { TurnFeed } from './turn-feed.ts';

/** An answer while it is being written. */
export function LiveAnswer({ turn }: { turn: MessageTurn }) {
  const { feeds } = useChatsPage();
  return <TurnAsItGoes feed={feeds.of(turn.id)} />;
}

/** What a turn has done and written so far. */
export function TurnAsItGoes({ feed }: { feed: TurnFeed }) {
  const words = useWords(chatWords);
  const { steps, text } = useSyncExternalStore(feed.watch, feed.snapshot);
  return (
    <div className="flex flex-col gap-2" aria-busy="true">
      {steps.length > 0 && <StepsFold steps={steps} isLive={text === ''} />}
      {text === '' && steps.length === 0 && (
        <p className="inline-flex items-center gap-2 text-soft text-sm">
          <Dot tone="busy" />
          {words.starting}
        </p>
      )}
      {text !== '' && <GrowingText text={text} />}
    </div>
  );
}
