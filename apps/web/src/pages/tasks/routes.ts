import { DeliveryState, TaskState } from '@mini-claude-bot/contract';
import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { z } from 'zod';
import { rootRoute } from '../../app/root-route.tsx';

const tasksRoute = createRoute({ getParentRoute: () => rootRoute, path: 'tasks' });

const taskListRoute = createRoute({
  getParentRoute: () => tasksRoute,
  path: '/',
  validateSearch: z.object({ state: TaskState.optional().catch(undefined) }),
  component: lazyRouteComponent(() => import('./task-list-page.tsx'), 'TaskListPage'),
});

const taskRoute = createRoute({
  getParentRoute: () => tasksRoute,
  path: '$task',
  component: lazyRouteComponent(() => import('./task/task-page.tsx'), 'TaskPage'),
});

const issuesRoute = createRoute({
  getParentRoute: () => tasksRoute,
  path: 'issues',
  component: lazyRouteComponent(() => import('./issues/issues-page.tsx'), 'IssuesPage'),
});

const deliveriesRoute = createRoute({
  getParentRoute: () => tasksRoute,
  path: 'deliveries',
  validateSearch: z.object({ state: DeliveryState.optional().catch(undefined) }),
  component: lazyRouteComponent(() => import('./deliveries/deliveries-page.tsx'), 'DeliveriesPage'),
});

const deliveryRoute = createRoute({
  getParentRoute: () => tasksRoute,
  path: 'deliveries/$delivery',
  component: lazyRouteComponent(() => import('./deliveries/delivery-page.tsx'), 'DeliveryPage'),
});

export const tasksRoutes = tasksRoute.addChildren([
  taskListRoute,
  taskRoute,
  issuesRoute,
  deliveriesRoute,
  deliveryRoute,
]);
