import {
  Activity,
  ListChecks,
  type LucideIcon,
  MessagesSquare,
  SlidersHorizontal,
} from 'lucide-react';
import type { commonEn } from '../i18n/common.en.ts';

/** A page of the navigation. */
export interface Page {
  readonly to: '/' | '/chats' | '/tasks' | '/system';
  readonly name: keyof typeof commonEn.nav;
  readonly icon: LucideIcon;
}

/** The pages, in the order of the navigation. */
export const pages: readonly Page[] = [
  { to: '/', name: 'overview', icon: Activity },
  { to: '/chats', name: 'chats', icon: MessagesSquare },
  { to: '/tasks', name: 'tasks', icon: ListChecks },
  { to: '/system', name: 'system', icon: SlidersHorizontal },
];
