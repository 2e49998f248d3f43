import { Link, Outlet, useMatchRoute } from '@tanstack/react-router';
import { common } from '../i18n/common.ts';
import { LiveNotice, LiveState } from '../live/live-notice.tsx';
import { useWords } from '../settings/settings.tsx';
import { cx } from '../ui/cx.ts';
import { frameLook } from './frame-look.ts';
import { pages } from './pages.ts';
import { SearchButton, SearchProvider } from './search-key.tsx';
import { SettingsMenu } from './settings-menu.tsx';

/** What stands around every page: navigation at the side of a desk, at the foot of a phone. */
export function Shell() {
  const words = useWords(common);
  return (
    <SearchProvider>
      <div className={frameLook.whole}>
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
    <aside className={frameLook.sidebar}>
      <Link to="/" className={frameLook.brand}>
        <img src="/favicon.svg" alt="" width="28" height="28" />
        <span className={frameLook.brandName}>{words.brand}</span>
      </Link>
      <SearchButton />
      <nav aria-label={words.pages} className="flex flex-1 flex-col gap-0.5">
        {pages.map(({ to, name, icon: Icon }) => (
          <Link
            key={to}
            to={to}
            className={cx(frameLook.sidebarItem, 'transition-colors hover:bg-hover hover:text-ink')}
            activeOptions={{ exact: to === '/', includeSearch: false }}
            activeProps={{ className: 'bg-accent-wash !text-accent-strong' }}
          >
            <Icon className={frameLook.sidebarIcon} aria-hidden />
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
    <nav aria-label={words.pages} className={cx(frameLook.bottomBar, inChat && 'hidden')}>
      {pages.map(({ to, name, icon: Icon }) => (
        <Link
          key={to}
          to={to}
          className={frameLook.bottomItem}
          activeOptions={{ exact: to === '/', includeSearch: false }}
          activeProps={{ className: '!text-accent-strong' }}
        >
          <Icon className={frameLook.bottomIcon} aria-hidden />
          {words.nav[name]}
        </Link>
      ))}
    </nav>
  );
}
