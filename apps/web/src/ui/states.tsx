import { CircleAlert, type LucideIcon, RotateCw } from 'lucide-react';
import type { ReactNode } from 'react';
import { common } from '../i18n/common.ts';
import { useErrorWords } from '../i18n/errors.ts';
import { useWords } from '../settings/settings.tsx';
import { Button } from './button.tsx';
import { cx } from './cx.ts';

export interface EmptyStateProps {
  readonly icon: LucideIcon;
  readonly title: string;
  /** What to do first. */
  readonly children?: ReactNode;
  readonly action?: ReactNode;
}

/** Where there is nothing yet: what will be here, and what to do first. */
export function EmptyState({ icon: Icon, title, children, action }: EmptyStateProps) {
  return (
    <div className="m-auto flex max-w-sm flex-col items-center gap-3 px-6 py-12 text-center animate-appear">
      <span className="flex size-14 items-center justify-center rounded-xl bg-accent-wash text-accent-strong">
        <Icon className="size-6" aria-hidden />
      </span>
      <h2 className="font-semibold text-lg">{title}</h2>
      {children !== undefined && (
        <div className="text-soft text-sm leading-relaxed">{children}</div>
      )}
      {action}
    </div>
  );
}

/** Stands where something will be, in its size. */
export const Skeleton = ({ className }: { className?: string }) => (
  <div aria-hidden className={cx('animate-breathe rounded-sm bg-sunken', className)} />
);

export interface ErrorNoticeProps {
  readonly error: unknown;
  readonly onRetry?: () => void;
}

/** What went wrong, in words, and a way to try again. */
export function ErrorNotice({ error, onRetry }: ErrorNoticeProps) {
  const words = useWords(common);
  const { title, detail } = useErrorWords()(error);
  return (
    <div
      role="alert"
      className="flex items-start gap-3 rounded-lg bg-danger-wash p-4 text-sm animate-appear"
    >
      <CircleAlert className="mt-0.5 size-4 shrink-0 text-danger" aria-hidden />
      <div className="min-w-0 flex-1">
        <p className="font-medium">{title}</p>
        {detail !== undefined && <p className="mt-0.5 break-words text-soft">{detail}</p>}
      </div>
      {onRetry !== undefined && (
        <Button small icon={RotateCw} onClick={onRetry}>
          {words.retry}
        </Button>
      )}
    </div>
  );
}
