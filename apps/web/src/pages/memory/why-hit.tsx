import type { Explanation } from '@mini-claude-bot/contract';
import { Clock, type LucideIcon, Sparkles, Type } from 'lucide-react';
import { memoryWords } from '../../i18n/memory.ts';
import { useSettings, useWords } from '../../settings/settings.tsx';

/** Cosine distance, 0 to 2, as a part of one: 0 is the same, and what is 1 or more away has nothing in common. */
const alike = (distance: number): number => Math.max(0, 1 - distance);

/** Why a hit stands where it does: by its words, by its meaning, and how recent it is. */
export function WhyHit({ explain }: { explain: Explanation }) {
  const { why } = useWords(memoryWords);
  const { language } = useSettings();
  const { text, vector, recency, score } = explain;
  const figure = (value: number, options: Intl.NumberFormatOptions): string =>
    new Intl.NumberFormat(language, options).format(value);
  return (
    <ul
      aria-label={why.label}
      className="flex flex-wrap items-center gap-x-4 gap-y-1 border-line border-t pt-2 text-soft text-xs tabular-nums"
    >
      <Reason icon={Type}>
        {text === null ? why.noText : `${why.terms(text.terms)} · ${why.textRank(text.rank)}`}
      </Reason>
      {vector !== null && (
        <Reason icon={Sparkles}>
          {`${why.meaning(figure(alike(vector.distance), { style: 'percent' }))} · ${why.vectorRank(vector.rank)}`}
        </Reason>
      )}
      {recency !== 1 && (
        <Reason icon={Clock}>{why.recency(figure(recency, { maximumFractionDigits: 2 }))}</Reason>
      )}
      <li className="ml-auto">{why.score(figure(score, { maximumSignificantDigits: 3 }))}</li>
    </ul>
  );
}

function Reason({ icon: Icon, children }: { icon: LucideIcon; children: string }) {
  return (
    <li className="inline-flex items-center gap-1.5">
      <Icon className="size-3.5 shrink-0" aria-hidden />
      {children}
    </li>
  );
}
