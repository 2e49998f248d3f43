import { createRouter } from '@tanstack/react-router';
import { chatsRoutes } from '../pages/chats/routes.ts';
import { cronRoutes } from '../pages/cron/routes.ts';
import { memoryRoutes } from '../pages/memory/routes.ts';
import { overviewRoute } from '../pages/overview/routes.ts';
import { systemRoutes } from '../pages/system/routes.ts';
import { tasksRoutes } from '../pages/tasks/routes.ts';
import { BrokenPage, NotFound } from './faults.tsx';
import { rootRoute } from './root-route.tsx';

/** Every page brings its routes: a small file of its own, which loads the rest when the page is opened. */
const tree = rootRoute.addChildren([
  overviewRoute,
  chatsRoutes,
  tasksRoutes,
  cronRoutes,
  memoryRoutes,
  systemRoutes,
]);

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
