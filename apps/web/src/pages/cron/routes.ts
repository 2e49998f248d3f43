import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { z } from 'zod';
import { rootRoute } from '../../app/root-route.tsx';

const cronRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: 'cron',
  component: lazyRouteComponent(() => import('./cron-page.tsx'), 'CronPage'),
});

const homeRoute = createRoute({
  getParentRoute: () => cronRoute,
  path: '/',
  component: lazyRouteComponent(() => import('./cron-home.tsx'), 'CronHome'),
});

/** The same as stands beside the list on a desk, for itself. */
const incidentsRoute = createRoute({
  getParentRoute: () => cronRoute,
  path: 'incidents',
  component: lazyRouteComponent(() => import('./cron-home.tsx'), 'CronHome'),
});

const newRoute = createRoute({
  getParentRoute: () => cronRoute,
  path: 'new',
  component: lazyRouteComponent(() => import('./form/new-job.tsx'), 'NewJob'),
});

export const HistoryFilter = z.enum(['failed', 'succeeded', 'manual', 'left']);
export type HistoryFilter = z.infer<typeof HistoryFilter>;

const jobRoute = createRoute({
  getParentRoute: () => cronRoute,
  path: '$job',
  /** `run`: the run that is open. `show`: runs of that kind alone. */
  validateSearch: z.object({
    run: z.coerce.number().int().positive().optional().catch(undefined),
    show: HistoryFilter.optional().catch(undefined),
  }),
  component: lazyRouteComponent(() => import('./job-page.tsx'), 'JobPage'),
});

const editRoute = createRoute({
  getParentRoute: () => cronRoute,
  path: '$job/edit',
  component: lazyRouteComponent(() => import('./form/edit-job.tsx'), 'EditJob'),
});

export const cronRoutes = cronRoute.addChildren([
  homeRoute,
  incidentsRoute,
  newRoute,
  jobRoute,
  editRoute,
]);
