import type {
  ReportDetail,
  ReportContent as ShownContent,
  DefinedReport as ShownReport,
  ReportRun as ShownRun,
} from '@mini-claude-bot/contract';
import { isoTimeOrNull } from '../cron/iso-time.ts';
import type { ListedJob } from '../cron/jobs-repo.ts';
import type { ReportContent, ReportSection } from './content.ts';
import type { DefinedReport } from './definitions/definitions.ts';
import type { Recipients } from './report-service.ts';
import type { Ask, ReportRun } from './runs/run.ts';

const count = ({ to, cc }: Recipients): number => to.length + cc.length;

/** A report as the contract shows it. */
export function describeDefinition(
  { name, origin, file, definition, faults }: DefinedReport,
  job: ListedJob | undefined,
  all: Recipients,
  preview: Recipients,
  hasSender: boolean,
): ShownReport {
  return {
    name,
    origin,
    file,
    faults: faults.map(({ line = null, column = null, field, message }) => ({
      line,
      column,
      field,
      message,
    })),
    title: definition?.title ?? null,
    language: definition?.language ?? null,
    time: definition?.time ?? null,
    timezone: definition?.zone ?? null,
    enabled: definition?.enabled ?? false,
    sections: (definition?.sections ?? []).map(({ id, title }) => ({ id, title })),
    recipients: count(all),
    preview_recipients: count(preview),
    job_id: job?.id ?? null,
    next_run_at: job?.enabled === 1 ? isoTimeOrNull(job.due_at_ms) : null,
    note: noteOn(
      definition !== undefined,
      definition?.enabled ?? false,
      count(all),
      hasSender,
      job,
    ),
  };
}

function noteOn(
  usable: boolean,
  enabled: boolean,
  recipients: number,
  hasSender: boolean,
  job: ListedJob | undefined,
): string | null {
  if (!usable) return 'Its file has faults.';
  if (!enabled) return 'Its file says `enabled: false`.';
  if (recipients === 0)
    return 'It has nobody to go to: set `to` in its file, or the variable that is named there.';
  if (!hasSender) return 'It is not known whom it comes from: set REPORT_SENDER.';
  if (job === undefined)
    return 'Its job was deleted: it comes back when the time in its file changes.';
  return job.enabled === 1 ? null : 'Its job is disabled.';
}

/** How far a mail is. */
export type MailOf = (id: string) => NonNullable<ShownRun['mail']> | null;

/** A run as the contract shows it. */
export const describeReportRun = (run: ReportRun, mailOf: MailOf): ShownRun => ({
  id: run.id,
  report: run.report,
  title: run.definition.title,
  language: run.definition.language,
  date: run.day,
  audience: run.audience,
  state: run.state,
  problem: run.problem,
  headline: run.content?.headline ?? null,
  missing_sections: (run.content?.sections ?? []).flatMap(({ id, missing }) =>
    missing === undefined ? [] : [id],
  ),
  files: run.files.map(({ kind, name, size }) => ({ kind, name, bytes: size })),
  mail: run.mailId === null ? null : mailOf(run.mailId),
  started_at: run.createdAtMs / 1000,
  finished_at: run.finishedAtMs === null ? null : run.finishedAtMs / 1000,
});

export const describeReportDetail = (
  run: ReportRun,
  asks: readonly Ask[],
  mailOf: MailOf,
): ReportDetail => ({
  ...describeReportRun(run, mailOf),
  content: run.content === undefined ? null : describeContent(run.content),
  turns: asks.map(({ turnId }) => turnId),
});

const describeContent = ({ headline, summary, note, sections }: ReportContent): ShownContent => ({
  headline: headline ?? null,
  summary,
  note: note ?? null,
  sections: sections.map(describeSection),
});

const describeSection = ({ id, title, missing, quotation, table, items }: ReportSection) => ({
  id,
  title,
  missing: missing ?? null,
  quotation:
    quotation === undefined
      ? null
      : { ...quotation, source: quotation.source ?? null, note: quotation.note ?? null },
  table: table === undefined ? null : { ...table, note: table.note ?? null },
  items: items.map((item) => ({ ...item, title: item.title ?? null })),
});
