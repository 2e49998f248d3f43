import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { z } from 'zod';
import { rootRoute } from '../../app/root-route.tsx';

const chatsRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: 'chats',
  component: lazyRouteComponent(() => import('./chats-page.tsx'), 'ChatsPage'),
});

const noChatRoute = createRoute({
  getParentRoute: () => chatsRoute,
  path: '/',
  component: lazyRouteComponent(() => import('./chats-page.tsx'), 'NoChat'),
});

/** `m`: the message to go to. */
const place = z.object({ m: z.coerce.number().int().positive().optional().catch(undefined) });

const chatRoute = createRoute({
  getParentRoute: () => chatsRoute,
  path: '$bot/$chat',
  validateSearch: place,
  component: lazyRouteComponent(() => import('./chat-page.tsx'), 'ChatPage'),
});

/** A conversation of the history that is no gateway chat's. */
const historyRoute = createRoute({
  getParentRoute: () => chatsRoute,
  path: '$bot/history/$session',
  validateSearch: place,
  component: lazyRouteComponent(() => import('./chat-page.tsx'), 'HistoryPage'),
});

export const chatsRoutes = chatsRoute.addChildren([noChatRoute, chatRoute, historyRoute]);
