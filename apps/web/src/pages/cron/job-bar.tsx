import { Link } from '@tanstack/react-router';
import { ArrowLeft } from 'lucide-react';
import type { ReactNode } from 'react';
import { common } from '../../i18n/common.ts';
import { useWords } from '../../settings/settings.tsx';
import { cx } from '../../ui/cx.ts';

export interface JobBarProps {
  readonly title: string;
  readonly under?: ReactNode;
  readonly children?: ReactNode;
  readonly phoneOnly?: boolean;
}

/** What stands over a job: its name, the way back on a phone, and what can be done. */
export function JobBar({ title, under, children, phoneOnly = false }: JobBarProps) {
  const words = useWords(common);
  return (
    <header
      className={cx(
        'flex h-14 shrink-0 items-center gap-2 border-line border-b bg-paper px-2 md:px-5',
        phoneOnly && 'md:hidden',
      )}
    >
      <Link
        to="/cron"
        aria-label={words.back}
        title={words.back}
        className="flex size-10 shrink-0 items-center justify-center rounded-md text-soft hover:bg-hover md:hidden"
      >
        <ArrowLeft className="size-5" aria-hidden />
      </Link>
      <div className="flex min-w-0 flex-1 flex-col">
        <h2 className="truncate font-semibold leading-tight">
          <bdi>{title}</bdi>
        </h2>
        {under}
      </div>
      {children}
    </header>
  );
}
