import { operations } from '@mini-claude-bot/contract';
import { previewFault } from '../cron/check-job.ts';
import type { CronService } from '../cron/cron-service.ts';
import { describeIncident, describeJob, describeRun } from '../cron/describe-cron.ts';
import { preview } from '../cron/preview.ts';
import type { Clock } from '../host/clock.ts';
import type { OperationBinder } from './bind.ts';

/** What the routes of jobs call. */
export interface CronRouteParts {
  readonly cron: CronService;
  readonly clock: Clock;
}

export function bindCronRoutes(binder: OperationBinder, { cron, clock }: CronRouteParts): void {
  binder.bind(operations.listCronJobs, ({ bot_id }, { caller }) =>
    cron.list(bot_id, caller).map(describeJob),
  );

  binder.bind(operations.previewCron, async ({ expression, timezone, n }) => {
    const found = await preview(expression, timezone?.trim() || null, n, clock.now());
    if (found.kind === 'fault') throw previewFault(found.in, found.message);
    return found.preview;
  });

  binder.bind(operations.getCronJob, ({ job_id }, { caller }) =>
    describeJob(cron.find(job_id, caller)),
  );

  binder.bind(operations.createCronJob, (input, { caller }) => ({
    id: cron.create(input, caller),
  }));

  binder.bind(operations.updateCronJob, (input, { caller }) =>
    describeJob(cron.change(input, caller)),
  );

  binder.bind(operations.deleteCronJob, async ({ job_id }, { caller }) => {
    await cron.delete(job_id, caller);
    return { deleted: true as const };
  });

  binder.bind(operations.pauseCronJob, ({ job_id }, { caller }) =>
    describeJob(cron.setEnabled(job_id, false, caller)),
  );

  binder.bind(operations.resumeCronJob, ({ job_id }, { caller }) =>
    describeJob(cron.setEnabled(job_id, true, caller)),
  );

  binder.bind(operations.runCronJob, async ({ job_id, prefer }, { caller, accepted }) => {
    const { runId, ended } = cron.run(job_id, caller);
    if (!asksNotToWait(prefer)) return ended();
    accepted();
    return { result: '', run_id: runId, state: 'queued' as const };
  });

  binder.bind(operations.cronHistory, ({ job_id, before, limit }, { caller }) =>
    cron
      .history(job_id, before, limit, caller)
      .map(({ row, delivery }) => describeRun(row, delivery)),
  );

  binder.bind(operations.followCronRun, ({ run_id }, { caller }) => ({
    events: cron.follow(run_id, caller),
    onLost: () => {},
  }));

  binder.bind(operations.listCronIncidents, ({ bot_id, open, limit }, { caller }) =>
    cron.incidents(bot_id, open, limit, caller).map(describeIncident),
  );

  binder.bind(operations.acknowledgeCronIncident, ({ incident_id }, { caller }) =>
    describeIncident(cron.acknowledge(incident_id, caller)),
  );
}

/** https://www.rfc-editor.org/rfc/rfc7240#section-4.1 */
const asksNotToWait = (prefer: string | undefined): boolean =>
  prefer?.split(',').some((part) => /^\s*respond-async\s*(;|$)/i.test(part)) ?? false;
