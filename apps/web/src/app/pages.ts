import { BookMarked, CalendarClock, type LucideIcon, MessagesSquare } from 'lucide-react';
import type { commonEn } from '../i18n/common.en.ts';

/** A page of the navigation. */
export interface Page {
  readonly to: '/chats' | '/cron' | '/memory';
  readonly name: keyof typeof commonEn.nav;
  readonly icon: LucideIcon;
}

/** The pages, in the order of the navigation. */
export const pages: readonly Page[] = [
  { to: '/chats', name: 'chats', icon: MessagesSquare },
  { to: '/cron', name: 'cron', icon: CalendarClock },
  { to: '/memory', name: 'memory', icon: BookMarked },
];
