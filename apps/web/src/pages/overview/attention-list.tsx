import type { Attention } from '@mini-claude-bot/contract';
import { Link, type LinkProps } from '@tanstack/react-router';
import { ChevronRight, CircleAlert, CircleCheck, TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import { overviewWords } from '../../i18n/overview.ts';
import { useWords } from '../../settings/settings.tsx';
import { cx } from '../../ui/cx.ts';

/** Where it can be looked at; what is not here is said in full where it stands. */
const places: Partial<Record<Attention['kind'], LinkProps>> = {
  failing_jobs: { to: '/cron' },
  dead_deliveries: { to: '/tasks/deliveries', search: { state: 'dead' } },
  blocked_tasks: { to: '/tasks', search: { state: 'blocked' } },
  failed_turns: { to: '/chats' },
  embeddings_down: { to: '/system/search' },
  embeddings_behind: { to: '/system/search' },
};

/** What its owner should look at, the worst first. */
export function AttentionList({ attention }: { attention: readonly Attention[] }) {
  const words = useWords(overviewWords);
  if (attention.length === 0) {
    return (
      <p className="flex items-center gap-3 rounded-lg border border-line bg-surface px-4 py-3.5 text-sm shadow-lift">
        <CircleCheck className="size-5 shrink-0 text-good" aria-hidden />
        <span>
          <span className="font-medium">{words.allWell}</span>{' '}
          <span className="text-soft">{words.allWellHint}</span>
        </span>
      </p>
    );
  }
  return (
    <section aria-label={words.attention}>
      <ul className="flex flex-col gap-2">
        {attention.map((one) => (
          <li key={one.kind}>
            <Item attention={one} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function Item({ attention }: { attention: Attention }) {
  const words = useWords(overviewWords);
  const { kind, count } = attention;
  const isProblem = attention.level === 'problem';
  const Icon = isProblem ? CircleAlert : TriangleAlert;
  return (
    <Frame kind={kind} tone={isProblem ? 'bg-danger-wash' : 'bg-warn-wash'}>
      <Icon
        className={cx('mt-0.5 size-[1.125rem] shrink-0', isProblem ? 'text-danger' : 'text-warn')}
        aria-hidden
      />
      <span className="min-w-0 flex-1 [overflow-wrap:anywhere]">
        <span className="block font-medium">{words.kinds[kind](count ?? 0)}</span>
        <span className="block text-soft">{words.fixes[kind]}</span>
      </span>
    </Frame>
  );
}

interface FrameProps {
  readonly kind: Attention['kind'];
  readonly tone: string;
  readonly children: ReactNode;
}

function Frame({ kind, tone, children }: FrameProps) {
  const place = places[kind];
  const look = cx('flex items-start gap-3 rounded-lg px-4 py-3 text-sm', tone);
  if (place === undefined) return <div className={look}>{children}</div>;
  return (
    <Link {...place} className={cx(look, 'group transition-[filter] hover:brightness-[0.98]')}>
      {children}
      <ChevronRight
        className="mt-0.5 size-[1.125rem] shrink-0 text-soft transition-transform group-hover:translate-x-0.5"
        aria-hidden
      />
    </Link>
  );
}
