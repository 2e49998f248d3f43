/** How what stands around every page looks: the same before the program is there (first-paint.tsx) and after (shell.tsx). */
export const frameLook = {
  whole: 'flex h-dvh flex-col md:flex-row',
  sidebar:
    'flex w-52 shrink-0 flex-col gap-5 border-line border-r bg-sunken/60 px-3 py-4 max-md:hidden',
  brand: 'flex items-center gap-2.5 px-2',
  brandName: 'font-semibold text-sm tracking-tight',
  sidebarItem: 'flex items-center gap-2.5 rounded-md px-2.5 py-1.5 font-medium text-sm text-soft',
  sidebarIcon: 'size-[1.125rem]',
  bottomBar:
    'flex shrink-0 items-stretch border-line border-t bg-surface pb-[env(safe-area-inset-bottom)] md:hidden',
  bottomItem: 'flex flex-1 flex-col items-center gap-0.5 py-2 font-medium text-soft text-xs',
  bottomIcon: 'size-5',
} as const;
