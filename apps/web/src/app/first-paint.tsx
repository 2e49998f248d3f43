import { commonEn } from '../i18n/common.en.ts';
import { commonZh } from '../i18n/common.zh.ts';
import { frameLook } from './frame-look.ts';
import { type Page, pages } from './pages.ts';

/**
 * What stands around every page, as `index.html` has it until the program is there: see shell.tsx. It is made when the
 * page is built, and needs no program to be seen; nobody's words but the page's own are in it.
 */
export function FirstPaint() {
  return (
    <div className={frameLook.whole} aria-hidden="true">
      <div className={frameLook.sidebar}>
        <div className={frameLook.brand}>
          <img src="/favicon.svg" alt="" width="28" height="28" />
          <span className={frameLook.brandName}>{commonEn.brand}</span>
        </div>
        <div className="h-9 rounded-md border border-line bg-surface" />
        <div className="flex flex-col gap-0.5">
          {pages.map(({ name, icon: Icon }) => (
            <div key={name} className={frameLook.sidebarItem}>
              <Icon className={frameLook.sidebarIcon} />
              <Name of={name} />
            </div>
          ))}
        </div>
      </div>
      <div className="min-h-0 flex-1 px-4 pt-3 md:px-8 md:pt-6">
        <div className="mx-auto flex max-w-6xl flex-col gap-5">
          <div className="h-8 w-40 animate-breathe rounded-sm bg-sunken" />
          <div className="h-28 animate-breathe rounded-lg bg-sunken" />
          <div className="h-28 animate-breathe rounded-lg bg-sunken" />
        </div>
      </div>
      <div className={frameLook.bottomBar}>
        {pages.map(({ name, icon: Icon }) => (
          <div key={name} className={frameLook.bottomItem}>
            <Icon className={frameLook.bottomIcon} />
            <Name of={name} />
          </div>
        ))}
      </div>
    </div>
  );
}

/** In both languages: `early.js` says which is the reader's. */
const Name = ({ of }: { of: Page['name'] }) => (
  <>
    <span className="[:lang(zh)_&]:hidden">{commonEn.nav[of]}</span>
    <span className="hidden [:lang(zh)_&]:inline">{commonZh.nav[of]}</span>
  </>
);
