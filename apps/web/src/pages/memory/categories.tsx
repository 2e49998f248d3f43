import type { Memory } from '@mini-claude-bot/contract';
import { useFormat } from '../../i18n/format.ts';
import { memoryWords } from '../../i18n/memory.ts';
import { useWords } from '../../settings/settings.tsx';
import { cx } from '../../ui/cx.ts';
import { Skeleton } from '../../ui/states.tsx';

/** A category, and how many memories are in it. */
export interface Category {
  readonly name: string;
  readonly count: number;
}

/** By name. */
export function categoriesOf(memories: readonly Memory[]): readonly Category[] {
  const counts = new Map<string, number>();
  for (const { category } of memories) counts.set(category, (counts.get(category) ?? 0) + 1);
  return [...counts]
    .map(([name, count]) => ({ name, count }))
    .toSorted((a, b) => a.name.localeCompare(b.name));
}

export interface CategoriesProps {
  readonly categories: readonly Category[];
  readonly total: number;
  readonly chosen: string | undefined;
  readonly onChoose: (category: string | undefined) => void;
  readonly isPending: boolean;
}

/** At the side of a desk, and in a row over the list of a phone. */
export function Categories({ categories, total, chosen, onChoose, isPending }: CategoriesProps) {
  const words = useWords(memoryWords);
  return (
    <nav
      aria-label={words.categories}
      className="shrink-0 overflow-auto border-line max-md:border-b md:w-56 md:border-r"
    >
      <ul className="flex gap-1 px-3 py-2 md:flex-col md:gap-0.5 md:py-4">
        <li className="max-md:shrink-0">
          <CategoryButton
            name={words.all}
            count={total}
            isChosen={chosen === undefined}
            onChoose={() => onChoose(undefined)}
          />
        </li>
        {isPending && (
          <li className="flex flex-col gap-3 px-3 py-2 max-md:hidden">
            <Skeleton className="h-4 w-3/5" />
            <Skeleton className="h-4 w-2/5" />
          </li>
        )}
        {categories.map(({ name, count }) => (
          <li key={name} className="max-md:shrink-0">
            <CategoryButton
              name={name}
              count={count}
              isChosen={chosen === name}
              onChoose={() => onChoose(name)}
            />
          </li>
        ))}
      </ul>
    </nav>
  );
}

interface CategoryButtonProps {
  readonly name: string;
  readonly count: number;
  readonly isChosen: boolean;
  readonly onChoose: () => void;
}

function CategoryButton({ name, count, isChosen, onChoose }: CategoryButtonProps) {
  const format = useFormat();
  return (
    <button
      type="button"
      aria-current={isChosen ? 'true' : undefined}
      onClick={onChoose}
      className={cx(
        'flex w-full items-center gap-2 rounded-md px-2.5 py-1.5 text-left text-sm transition-colors',
        isChosen
          ? 'bg-accent-wash font-medium text-accent-strong'
          : 'text-soft hover:bg-hover hover:text-ink',
      )}
    >
      <bdi className="min-w-0 flex-1 truncate max-md:max-w-40">{name}</bdi>
      <span className="text-xs tabular-nums">{format.number(count)}</span>
    </button>
  );
}
