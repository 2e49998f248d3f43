import { Link, type LinkProps } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { cx } from '../ui/cx.ts';
import { SearchIcon } from './search-key.tsx';
import { SettingsMenu } from './settings-menu.tsx';

export interface PageFrameProps {
  readonly title: string;
  /** What can be done here. */
  readonly actions?: ReactNode;
  /** Below the title: the parts of the page. */
  readonly tabs?: ReactNode;
  readonly children: ReactNode;
}

/** A page that is read from above to below, with its title and what a phone has no place for elsewhere. */
export function PageFrame({ title, actions, tabs, children }: PageFrameProps) {
  return (
    <div className="min-h-0 flex-1 overflow-y-auto">
      <header className="mx-auto flex max-w-6xl flex-wrap items-center gap-2 px-4 pt-3 md:px-8 md:pt-6">
        <h1 className="min-w-0 flex-1 truncate font-semibold text-xl tracking-tight md:text-2xl">
          {title}
        </h1>
        {actions}
        <span className="flex md:hidden">
          <SearchIcon />
          <SettingsMenu />
        </span>
      </header>
      {tabs}
      <div className="mx-auto flex max-w-6xl flex-col gap-5 px-4 pt-4 pb-10 md:px-8 md:pt-5">
        {children}
      </div>
    </div>
  );
}

export interface PageTab {
  readonly to: NonNullable<LinkProps['to']>;
  readonly label: string;
  /** How many there need a look. */
  readonly count?: { readonly shown: string; readonly label: string } | undefined;
  /** What lies below it is another tab's. */
  readonly exact?: boolean;
}

/** The parts of a page, each with an address of its own. */
export function PageTabs({ label, tabs }: { label: string; tabs: readonly PageTab[] }) {
  return (
    <nav aria-label={label} className="mt-2 border-line border-b">
      <div className="mx-auto flex max-w-6xl gap-1 overflow-x-auto px-2 md:px-6">
        {tabs.map(({ to, label: name, count, exact = false }) => (
          <Link
            key={to}
            to={to}
            activeOptions={{ exact, includeSearch: false }}
            className={cx(
              '-mb-px flex items-center gap-1.5 whitespace-nowrap border-transparent border-b-2 px-2.5 py-2 font-medium text-sm text-soft transition-colors hover:text-ink',
            )}
            activeProps={{ className: '!border-accent !text-ink' }}
          >
            {name}
            {count !== undefined && (
              <span className="rounded-full bg-danger-wash px-1.5 font-semibold text-danger text-xs tabular-nums">
                <span aria-hidden>{count.shown}</span>
                <span className="sr-only">{count.label}</span>
              </span>
            )}
          </Link>
        ))}
      </div>
    </nav>
  );
}
