import type { Client } from '@mini-claude-bot/client';
import {
  type BotId,
  type CronJob,
  type CronJobId,
  type CronRun,
  operations,
} from '@mini-claude-bot/contract';
import { infiniteQueryOptions, queryOptions, useQueries } from '@tanstack/react-query';
import { useCallback } from 'react';
import { useBots } from '../../api/bots.ts';
import { useGateway } from '../../api/gateway.tsx';
import { about } from '../../live/about.ts';

const jobsQuery = (client: Client, bot_id: BotId) =>
  queryOptions({
    queryKey: ['cron', 'jobs', bot_id],
    queryFn: ({ signal }) => client.call(operations.listCronJobs, { bot_id }, signal),
    meta: about('cron'),
  });

/** The jobs of all bots, as far as they have been read. */
export interface AllJobs {
  /** Undefined: nothing is there yet. */
  readonly jobs: readonly CronJob[] | undefined;
  readonly error: unknown;
  readonly retry: () => void;
}

export function useJobs(): AllJobs {
  const client = useGateway();
  const bots = useBots();
  const combine = useCallback(
    (
      lists: readonly {
        data: CronJob[] | undefined;
        error: unknown;
        refetch: () => unknown;
      }[],
    ): AllJobs => ({
      jobs: lists.some(({ data }) => data !== undefined)
        ? lists.flatMap(({ data }) => data ?? [])
        : undefined,
      error: lists.find(({ error }) => error !== null)?.error,
      retry: () => {
        for (const { refetch } of lists) void refetch();
      },
    }),
    [],
  );
  return useQueries({ queries: bots.map((bot) => jobsQuery(client, bot)), combine });
}

export const jobQuery = (client: Client, job_id: CronJobId) =>
  queryOptions({
    queryKey: ['cron', 'job', job_id],
    queryFn: ({ signal }) => client.call(operations.getCronJob, { job_id }, signal),
    meta: about('cron'),
  });

const pageSize = 40;

/** A job's runs, newest first, page by page. */
export const historyQuery = (client: Client, job_id: CronJobId) =>
  infiniteQueryOptions({
    queryKey: ['cron', 'history', job_id],
    queryFn: ({ pageParam, signal }) =>
      client.call(
        operations.cronHistory,
        { job_id, limit: pageSize, ...(pageParam === undefined ? {} : { before: pageParam }) },
        signal,
      ),
    initialPageParam: undefined as number | undefined,
    getNextPageParam: (page: readonly CronRun[]) =>
      page.length < pageSize ? undefined : page.at(-1)?.id,
    meta: about('cron'),
  });

/** One run; null: there is none any more. */
export const runQuery = (client: Client, job_id: CronJobId, run: number) =>
  queryOptions({
    queryKey: ['cron', 'run', job_id, run],
    queryFn: async ({ signal }) => {
      const place = { job_id, before: run + 1, limit: 1 };
      const [found] = await client.call(operations.cronHistory, place, signal);
      return found?.id === run ? found : null;
    },
    meta: about('cron'),
  });

/** What went wrong with jobs, newest first. */
export const incidentsQuery = (client: Client) =>
  queryOptions({
    queryKey: ['cron', 'incidents'],
    queryFn: ({ signal }) => client.call(operations.listCronIncidents, { limit: 200 }, signal),
    meta: about('cron'),
  });

/** What an expression says. @param n how many times */
export const previewQuery = (
  client: Client,
  expression: string,
  timezone: string | null,
  n: number,
) =>
  queryOptions({
    queryKey: ['cron', 'preview', expression, timezone, n],
    queryFn: ({ signal }) =>
      client.call(
        operations.previewCron,
        { expression, n, ...(timezone === null ? {} : { timezone }) },
        signal,
      ),
    // It is a calculation: only its times grow old.
    staleTime: 30_000,
    retry: false,
  });
