import { createRootRoute } from '@tanstack/react-router';
import { BrokenPage, NotFound } from './faults.tsx';
import { Shell } from './shell.tsx';

export const rootRoute = createRootRoute({
  component: Shell,
  notFoundComponent: NotFound,
  errorComponent: BrokenPage,
});
