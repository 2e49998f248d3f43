import type { Client } from '@mini-claude-bot/client';
import {
  type DeliveryId,
  type DeliveryState,
  operations,
  type TaskId,
  type TaskState,
} from '@mini-claude-bot/contract';
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { about } from '../../live/about.ts';

const pageSize = 30;
/** So many are at work at the same time at most, as far as the page goes. */
const mostAtWork = 200;

/** Tasks that have not ended, newest first. */
export const tasksAtWorkQuery = (client: Client) =>
  queryOptions({
    queryKey: ['tasks', 'at work'],
    queryFn: async ({ signal }) => {
      const list = (state: TaskState) =>
        client.call(operations.listTasks, { state, limit: mostAtWork }, signal);
      const [running, waiting] = await Promise.all([list('running'), list('waiting')]);
      return [...running, ...waiting].toSorted((a, b) => b.started_at - a.started_at);
    },
    meta: about('tasks'),
  });

/** Tasks, newest first, a page at a time. */
export const taskPagesQuery = (client: Client, state: TaskState | undefined) =>
  infiniteQueryOptions({
    queryKey: ['tasks', 'pages', state],
    queryFn: ({ pageParam: before, signal }) =>
      client.call(operations.listTasks, { state, before, limit: pageSize }, signal),
    initialPageParam: undefined as TaskId | undefined,
    getNextPageParam: (last) => (last.length < pageSize ? undefined : last.at(-1)?.id),
    meta: about('tasks'),
  });

export const taskQuery = (client: Client, task_id: TaskId) =>
  queryOptions({
    queryKey: ['tasks', 'one', task_id],
    queryFn: ({ signal }) => client.call(operations.getTask, { task_id }, signal),
    meta: about('tasks', 'turns'),
  });

export const issuesQuery = (client: Client) =>
  queryOptions({
    queryKey: ['tasks', 'issues'],
    queryFn: ({ signal }) => client.call(operations.listAwayIssues, { limit: 200 }, signal),
    meta: about('tasks'),
  });

/** Deliveries, newest first, a page at a time. */
export const deliveryPagesQuery = (client: Client, state: DeliveryState | undefined) =>
  infiniteQueryOptions({
    queryKey: ['deliveries', 'pages', state],
    queryFn: ({ pageParam: before, signal }) =>
      client.call(operations.listDeliveries, { state, before, limit: pageSize }, signal),
    initialPageParam: undefined as DeliveryId | undefined,
    getNextPageParam: (last) => (last.length < pageSize ? undefined : last.at(-1)?.id),
    meta: about('deliveries'),
  });

export const deliveryQuery = (client: Client, delivery_id: DeliveryId) =>
  queryOptions({
    queryKey: ['deliveries', 'one', delivery_id],
    queryFn: ({ signal }) => client.call(operations.getDelivery, { delivery_id }, signal),
    meta: about('deliveries'),
  });

/** How many were given up, up to a hundred. */
export const deadDeliveriesQuery = (client: Client) =>
  queryOptions({
    queryKey: ['deliveries', 'dead'],
    queryFn: async ({ signal }) =>
      (await client.call(operations.listDeliveries, { state: 'dead', limit: 100 }, signal)).length,
    meta: about('deliveries'),
  });
