import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { z } from 'zod';
import { rootRoute } from '../../app/root-route.tsx';

const text = z.coerce.string().min(1).optional().catch(undefined);

export const memoryRoutes = createRoute({
  getParentRoute: () => rootRoute,
  path: 'memory',
  /** `bot`: whose. `in`: a category. `q`: what is searched for. `m`: the memory to go to. */
  validateSearch: z.object({
    bot: text,
    in: text,
    q: text,
    m: z.coerce.number().int().positive().optional().catch(undefined),
  }),
  component: lazyRouteComponent(() => import('./memory-page.tsx'), 'MemoryPage'),
});
