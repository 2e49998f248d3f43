import { createRoute, lazyRouteComponent, redirect } from '@tanstack/react-router';
import { z } from 'zod';
import { rootRoute } from '../../app/root-route.tsx';

const systemRoute = createRoute({ getParentRoute: () => rootRoute, path: 'system' });

const indexRoute = createRoute({
  getParentRoute: () => systemRoute,
  path: '/',
  beforeLoad: () => {
    throw redirect({ to: '/system/settings', replace: true });
  },
});

const settingsRoute = createRoute({
  getParentRoute: () => systemRoute,
  path: 'settings',
  validateSearch: z.object({
    q: z.string().optional().catch(undefined),
    all: z.boolean().optional().catch(undefined),
  }),
  component: lazyRouteComponent(() => import('./settings-page.tsx'), 'SettingsPage'),
});

const auditRoute = createRoute({
  getParentRoute: () => systemRoute,
  path: 'audit',
  validateSearch: z.object({
    bot: z.string().optional().catch(undefined),
    kind: z.enum(['runs', 'deletes', 'changes access']).optional().catch(undefined),
  }),
  component: lazyRouteComponent(() => import('./audit-page.tsx'), 'AuditPage'),
});

const searchRoute = createRoute({
  getParentRoute: () => systemRoute,
  path: 'search',
  component: lazyRouteComponent(() => import('./search-page.tsx'), 'SearchPage'),
});

export const systemRoutes = systemRoute.addChildren([
  indexRoute,
  settingsRoute,
  auditRoute,
  searchRoute,
]);
