import { operations, ReportFileKind } from '@mini-claude-bot/contract';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import {
  describeDefinition,
  describeReportDetail,
  describeReportRun,
  type MailOf,
} from '../reports/describe-report.ts';
import type { ReportService } from '../reports/report-service.ts';
import type { OperationBinder } from './bind.ts';
import { refuseBound } from './guard.ts';

/** What the routes of reports call. */
export interface ReportRouteParts {
  readonly reports: ReportService;
  readonly reportMail: MailOf;
}

export function bindReportRoutes(
  binder: OperationBinder,
  { reports, reportMail }: ReportRouteParts,
): void {
  binder.bind(operations.listReports, async () =>
    (await reports.list()).map((report) => {
      const nobody = { to: [], cc: [] };
      const { definition } = report;
      const all = definition === undefined ? nobody : reports.recipientsOf(definition, 'all');
      const preview =
        definition === undefined ? nobody : reports.recipientsOf(definition, 'preview');
      return describeDefinition(
        report,
        reports.jobOf(report.name),
        all,
        preview,
        reports.hasSender,
      );
    }),
  );

  binder.bind(operations.startReport, async ({ name, preview, no_send, date }) => {
    const audience = no_send ? 'nobody' : preview ? 'preview' : 'all';
    const run = await reports.start({ name, audience, date });
    return { run_id: run.id, date: run.day };
  });

  binder.bind(operations.listReportRuns, (filter) =>
    reports.listRuns(filter).map((run) => describeReportRun(run, reportMail)),
  );

  binder.bind(operations.getReportRun, ({ run_id }) => {
    const run = reports.find(run_id);
    return describeReportDetail(run, reports.asks(run), reportMail);
  });

  binder.bind(operations.getReportFile, async ({ run_id, kind }) => {
    const { file, content } = await reports.file(run_id, kind);
    return { name: file.name, media_type: mediaTypes[kind], base64: content.toString('base64') };
  });

  binder.bind(operations.stopReportRun, ({ run_id }) => reports.stop(run_id));
}

const mediaTypes: Readonly<Record<ReportFileKind, string>> = {
  pdf: 'application/pdf',
  text: 'text/plain; charset=utf-8',
  html: 'text/html; charset=utf-8',
};

const Place = z.object({ run_id: z.uuid(), kind: ReportFileKind });

/** Files of reports as they are, to be saved by a browser: nothing in one is run as a page of ours. */
export function serveReportFiles(app: FastifyInstance, reports: ReportService): void {
  app.get('/api/reports/runs/:run_id/files/:kind/download', async (request, reply) => {
    refuseBound(request);
    const place = Place.safeParse(request.params);
    if (!place.success) return reply.callNotFound();
    const { kind, run_id } = place.data;
    const { file, content } = await reports.file(run_id, kind);
    return reply
      .type(mediaTypes[kind])
      .header('content-disposition', `attachment; filename="${file.name}"`)
      .send(content);
  });
}
