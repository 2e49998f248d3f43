import { commonEn } from '../i18n/common.en.ts';
import { commonZh } from '../i18n/common.zh.ts';
import { type Page, pages } from './pages.ts';

/**
 * What stands around every page, as `index.html` has it until the program is there: see shell.tsx. It is made when the
 * page is built, and needs no program to be seen; nobody's words but the page's own are in it.
 */
export function FirstPaint() {
  return (
    <div className="flex h-dvh flex-col md:flex-row" aria-hidden="true">
      <div className="flex w-52 shrink-0 flex-col gap-5 border-line border-r bg-sunken/60 px-3 py-4 max-md:hidden">
        <div className="flex items-center gap-2.5 px-2">
          <img src="/favicon.svg" alt="" width="28" height="28" />
          <span className="font-semibold text-sm tracking-tight">{commonEn.brand}</span>
        </div>
        <div className="h-9 rounded-md border border-line bg-surface" />
        <div className="flex flex-col gap-0.5">
          {pages.map(({ name, icon: Icon }) => (
            <div
              key={name}
              className="flex items-center gap-2.5 rounded-md px-2.5 py-1.5 font-medium text-sm text-soft"
            >
              <Icon className="size-[1.125rem]" />
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
      <div className="flex shrink-0 items-stretch border-line border-t bg-surface pb-[env(safe-area-inset-bottom)] md:hidden">
        {pages.map(({ name, icon: Icon }) => (
          <div
            key={name}
            className="flex flex-1 flex-col items-center gap-0.5 py-2 font-medium text-soft text-xs"
          >
            <Icon className="size-5" />
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
