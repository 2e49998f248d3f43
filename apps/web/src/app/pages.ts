import {
  Activity,
  BookMarked,
  CalendarClock,
  ListChecks,
  type LucideIcon,
  MessagesSquare,
  SlidersHorizontal,
} from 'lucide-react';
import type { commonEn } from '../i18n/common.en.ts';

/** A page of the navigation. */
export interface Page {
  readonly to: '/' | '/chats' | '/tasks' | '/cron' | '/memory' | '/system';
  readonly name: keyof typeof commonEn.nav;
  readonly icon: LucideIcon;
}

/** The pages, in the order of the navigation. */
export const pages: readonly Page[] = [
  { to: '/', name: 'overview', icon: Activity },
  { to: '/chats', name: 'chats', icon: MessagesSquare },
  { to: '/tasks', name: 'tasks', icon: ListChecks },
  { to: '/cron', name: 'cron', icon: CalendarClock },
  { to: '/memory', name: 'memory', icon: BookMarked },
  { to: '/system', name: 'system', icon: SlidersHorizontal },
];
