import type { ReportContent } from './content.ts';
import type { MailOf } from './describe-report.ts';
import type { Recipients } from './report-service.ts';
import type { SetReport } from './runs/report-files.ts';
import type { ReportRun } from './runs/run.ts';

/** Sends reports by mail. */
export interface MailReport {
  /**
   * Put a report into the outbox, in the present transaction.
   * @returns the mail's id; null: it goes to nobody
   */
  readonly enqueue: (
    run: ReportRun,
    content: ReportContent,
    made: SetReport,
    recipients: Recipients | undefined,
  ) => string | null;
  readonly find: MailOf;
}
