import { createRoute, createRouter, redirect } from '@tanstack/react-router';
import { chatsRoutes } from '../pages/chats/routes.ts';
import { cronRoutes } from '../pages/cron/routes.ts';
import { memoryRoutes } from '../pages/memory/routes.ts';
import { BrokenPage, NotFound } from './faults.tsx';
import { rootRoute } from './root-route.tsx';

const homeRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/',
  beforeLoad: () => {
    throw redirect({ to: '/chats', replace: true });
  },
});

/** Every page brings its routes: a small file of its own, which loads the rest when the page is opened. */
const tree = rootRoute.addChildren([homeRoute, chatsRoutes, cronRoutes, memoryRoutes]);

export const createPageRouter = () =>
  createRouter({
    routeTree: tree,
    defaultPreload: 'intent',
    defaultPreloadDelay: 30,
    defaultPendingMs: 200,
    defaultErrorComponent: BrokenPage,
    defaultNotFoundComponent: NotFound,
    scrollRestoration: false,
  });

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof createPageRouter>;
  }
}
