import type { Chat } from '@mini-claude-bot/contract';
import { chatWords } from '../../i18n/chats.ts';
import { useWords } from '../../settings/settings.tsx';
import { Badge, Dot } from '../../ui/badge.tsx';

/** What a chat does, as one word. */
export type ChatState = 'cold' | 'idle' | 'queued' | 'busy' | 'background';

/** Somebody who waits for an answer comes before work in the background. */
export const stateOf = ({ state, background }: Pick<Chat, 'state' | 'background'>): ChatState =>
  background && (state === 'cold' || state === 'idle') ? 'background' : state;

const tones = {
  cold: 'off',
  idle: 'good',
  queued: 'warn',
  busy: 'busy',
  background: 'busy',
} as const;

export function ChatStateDot({ state }: { state: ChatState }) {
  const words = useWords(chatWords);
  return (
    <span title={`${words.states[state]}. ${words.stateHints[state]}`} className="inline-flex">
      <Dot tone={tones[state]} />
      <span className="sr-only">{words.states[state]}</span>
    </span>
  );
}

export function ChatStateBadge({ state }: { state: ChatState }) {
  const words = useWords(chatWords);
  const lively = state === 'busy' || state === 'background';
  return (
    <span title={words.stateHints[state]}>
      <Badge tone={lively ? 'accent' : state === 'queued' ? 'warn' : 'plain'}>
        <Dot tone={tones[state]} />
        {words.states[state]}
      </Badge>
    </span>
  );
}
