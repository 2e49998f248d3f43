import type { Client } from '@mini-claude-bot/client';
import { operations } from '@mini-claude-bot/contract';
import { queryOptions } from '@tanstack/react-query';
import { about } from '../../live/about.ts';

/** Nothing tells of what a machine does: its figures are read again while somebody looks at them. */
export const figuresMs = 30_000;
/** Whether Claude is logged in is found out in a moment. */
export const unknownMs = 4_000;

/** What needs attention, and how busy the gateway is. */
export const overviewQuery = (client: Client) =>
  queryOptions({
    queryKey: ['overview'],
    queryFn: ({ signal }) => client.call(operations.getOverview, {}, signal),
    meta: about('status', 'turns', 'tasks', 'deliveries', 'cron'),
  });

export const processesQuery = (client: Client) =>
  queryOptions({
    queryKey: ['processes'],
    queryFn: ({ signal }) => client.call(operations.listProcesses, {}, signal),
    meta: about('status', 'turns'),
  });

export const metricsQuery = (client: Client) =>
  queryOptions({
    queryKey: ['metrics'],
    queryFn: ({ signal }) => client.call(operations.getMetrics, {}, signal),
    refetchInterval: figuresMs,
    meta: about('status'),
  });
