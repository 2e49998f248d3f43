import type { Memory } from '@mini-claude-bot/contract';
import { useEffect, useState } from 'react';
import { memoryWords } from '../../i18n/memory.ts';
import { useWords } from '../../settings/settings.tsx';
import { Button } from '../../ui/button.tsx';
import type { Category } from './categories.tsx';
import { MemoryCard } from './memory-card.tsx';

/** As many as a browser shows at once without effort. */
const step = 100;

export interface MemoryListProps {
  readonly memories: readonly Memory[];
  /** The memory of the address. */
  readonly asked: number | undefined;
  /** Whether that one is there, in whatever category. */
  readonly isKnown: boolean;
  readonly categories: readonly Category[];
}

export function MemoryList({ memories, asked, isKnown, categories }: MemoryListProps) {
  const words = useWords(memoryWords);
  const at = memories.findIndex(({ id }) => id === asked);
  const [most, setMost] = useState(step);
  useEffect(() => {
    if (at >= most) setMost(at + 1);
  }, [at, most]);
  const left = memories.length - most;
  return (
    <>
      {asked !== undefined && !isKnown && (
        <p role="status" className="rounded-lg bg-warn-wash px-4 py-2.5 text-sm text-warn">
          {words.gone}
        </p>
      )}
      <p className="text-soft text-xs">
        {memories.length === 0 ? words.noneHere : words.count(memories.length)}
      </p>
      <ul aria-label={words.list} className="flex flex-col gap-3">
        {memories.slice(0, most).map((memory) => (
          <li key={memory.id}>
            <MemoryCard memory={memory} isAsked={memory.id === asked} categories={categories} />
          </li>
        ))}
      </ul>
      {left > 0 && (
        <div className="flex justify-center py-2">
          <Button small onClick={() => setMost(most + step)}>
            {words.more(Math.min(step, left))}
          </Button>
        </div>
      )}
    </>
  );
}
