import { Link, Outlet, useMatchRoute } from '@tanstack/react-router';
import { common } from '../i18n/common.ts';
import { LiveNotice, LiveState } from '../live/live-notice.tsx';
import { useWords } from '../settings/settings.tsx';
import { cx } from '../ui/cx.ts';
import { pages } from './pages.ts';
import { SearchButton, SearchProvider } from './search-key.tsx';
import { SettingsMenu } from './settings-menu.tsx';

/** What stands around every page: navigation at the side of a desk, at the foot of a phone. */
export function Shell() {
  const words = useWords(common);
  return (
    <SearchProvider>
      <div className="flex h-dvh flex-col md:flex-row">
        <a
          href="#content"
          className="sr-only z-50 rounded-md bg-accent px-3 py-2 text-on-accent focus:not-sr-only focus:absolute focus:top-2 focus:left-2"
        >
          {words.skip}
        </a>
        <Sidebar />
        <div className="flex min-h-0 min-w-0 flex-1 flex-col">
          <LiveNotice />
          <main id="content" tabIndex={-1} className="flex min-h-0 flex-1 flex-col outline-none">
            <Outlet />
          </main>
        </div>
        <BottomBar />
      </div>
    </SearchProvider>
  );
}

function Sidebar() {
  const words = useWords(common);
  return (
    <aside className="flex w-52 shrink-0 flex-col gap-5 border-line border-r bg-sunken/60 px-3 py-4 max-md:hidden">
      <Link to="/" className="flex items-center gap-2.5 px-2">
        <img src="/favicon.svg" alt="" width="28" height="28" />
        <span className="font-semibold text-sm tracking-tight">{words.brand}</span>
      </Link>
      <SearchButton />
      <nav aria-label={words.pages} className="flex flex-1 flex-col gap-0.5">
        {pages.map(({ to, name, icon: Icon }) => (
          <Link
            key={to}
            to={to}
            className="flex items-center gap-2.5 rounded-md px-2.5 py-1.5 font-medium text-sm text-soft transition-colors hover:bg-hover hover:text-ink"
            activeOptions={{ exact: to === '/', includeSearch: false }}
            activeProps={{ className: 'bg-accent-wash !text-accent-strong' }}
          >
            <Icon className="size-[1.125rem]" aria-hidden />
            {words.nav[name]}
          </Link>
        ))}
      </nav>
      <div className="flex items-center justify-between pl-2.5">
        <LiveState />
        <SettingsMenu />
      </div>
    </aside>
  );
}

/** A conversation has the whole of a phone: its own bar leads back. */
function BottomBar() {
  const words = useWords(common);
  const inChat = useMatchRoute()({ to: '/chats/$bot/$chat' }) !== false;
  return (
    <nav
      aria-label={words.pages}
      className={cx(
        'flex shrink-0 items-stretch border-line border-t bg-surface pb-[env(safe-area-inset-bottom)] md:hidden',
        inChat && 'hidden',
      )}
    >
      {pages.map(({ to, name, icon: Icon }) => (
        <Link
          key={to}
          to={to}
          className="flex flex-1 flex-col items-center gap-0.5 py-2 font-medium text-soft text-xs"
          activeOptions={{ exact: to === '/', includeSearch: false }}
          activeProps={{ className: '!text-accent-strong' }}
        >
          <Icon className="size-5" aria-hidden />
          {words.nav[name]}
        </Link>
      ))}
    </nav>
  );
}
