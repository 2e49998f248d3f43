import { Link } from '@tanstack/react-router';
import { ArrowLeft } from 'lucide-react';
import type { ReactNode } from 'react';

export interface DetailFrameProps {
  readonly back: '/tasks' | '/tasks/deliveries';
  readonly backName: string;
  readonly title: string;
  readonly actions?: ReactNode;
  readonly children: ReactNode;
}

/** One of a list, with the way back to the others. */
export function DetailFrame({ back, backName, title, actions, children }: DetailFrameProps) {
  return (
    <>
      <header className="flex h-14 shrink-0 items-center gap-2 border-line border-b bg-paper px-2 md:px-5">
        <Link
          to={back}
          aria-label={backName}
          title={backName}
          className="flex size-10 shrink-0 items-center justify-center rounded-md text-soft hover:bg-hover hover:text-ink"
        >
          <ArrowLeft className="size-5" aria-hidden />
        </Link>
        <h1 className="min-w-0 flex-1 truncate font-semibold">{title}</h1>
        {actions}
      </header>
      <div className="min-h-0 flex-1 overflow-y-auto">
        <div className="mx-auto flex max-w-4xl flex-col gap-5 px-4 py-5 md:px-8">{children}</div>
      </div>
    </>
  );
}
