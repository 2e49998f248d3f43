import type { Operation } from '../operation.ts';
import * as operations from './index.ts';

/**
 * Every operation, by its id: in the same order wherever it is listed. As they are in {@link operations}, a program's
 * bundler may have put them in another one.
 */
export const allOperations = (): readonly Operation[] =>
  Object.values<Operation>(operations).toSorted((a, b) => (a.id < b.id ? -1 : 1));
