import { z } from 'zod';
import { CronJobId } from '../ids.ts';
import { defineOperation } from '../operation.ts';
import { timestamp } from './cron-rows.ts';

const unixSeconds = z.number().describe('Unix seconds.');
const day = z.string().describe('YYYY-MM-DD, in the zone of the report.');

/** Which report: the name of its file. */
const ReportName = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,39}$/, { error: 'must be the name of a report, such as daily-en' })
  .meta({ examples: ['daily-en'] })
  .describe('The report, by the name of its file.');

const RunId = z.uuid().describe('One run of a report.');

/** A report as its file describes it. */
export const DefinedReport = z.object({
  name: z.string(),
  origin: z
    .enum(['owner', 'shipped'])
    .describe('Whether its file is in REPORTS_CONFIG_DIR, or came with the gateway.'),
  file: z.string(),
  faults: z
    .array(
      z.object({
        line: z.int().nullable(),
        column: z.int().nullable(),
        field: z.string().describe('Empty: the file as a whole.'),
        message: z.string(),
      }),
    )
    .describe('Why it can not be used; empty: it can.'),
  title: z.string().nullable(),
  language: z.string().nullable(),
  time: z.string().nullable().describe('HH:MM, in its zone.'),
  timezone: z.string().nullable(),
  enabled: z.boolean().describe('What its file says. The job says whether it runs by itself.'),
  sections: z.array(z.object({ id: z.string(), title: z.string() })),
  recipients: z.int().describe('How many it goes to, copies included.'),
  preview_recipients: z.int().describe('How many a preview goes to.'),
  job_id: CronJobId.nullable().describe('The job that has it written; null: there is none.'),
  next_run_at: timestamp.nullable(),
  note: z.string().nullable().describe('Why it is not written by itself.'),
});
export type DefinedReport = z.infer<typeof DefinedReport>;

export const ReportRunState = z
  .enum(['writing', 'checking', 'setting', 'finished', 'failed', 'stopped'])
  .describe(
    'writing: Claude is at it. checking: its links are asked for. setting: it becomes files. finished: its files ' +
      'are there, and its mail is in the outbox. failed: `problem` says why.',
  );
export type ReportRunState = z.infer<typeof ReportRunState>;

export const ReportFileKind = z.enum(['pdf', 'text', 'html']);
export type ReportFileKind = z.infer<typeof ReportFileKind>;

export const ReportRun = z.object({
  id: RunId,
  report: z.string(),
  title: z.string(),
  language: z.string(),
  date: day,
  audience: z
    .enum(['all', 'preview', 'nobody'])
    .describe('preview: those of REPORT_CC alone. nobody: it is only kept.'),
  state: ReportRunState,
  problem: z.string().nullable().describe('Why it failed, and what to do.'),
  headline: z.string().nullable(),
  missing_sections: z.array(z.string()).describe('Ids of sections that could not be had.'),
  files: z.array(z.object({ kind: ReportFileKind, name: z.string(), bytes: z.int() })),
  mail: z
    .object({ id: z.string(), state: z.string(), detail: z.string().nullable() })
    .nullable()
    .describe('How far its mail is.'),
  started_at: unixSeconds,
  finished_at: unixSeconds.nullable(),
});
export type ReportRun = z.infer<typeof ReportRun>;

const Link = z.object({
  title: z.string(),
  url: z.string(),
  state: z
    .enum(['checked', 'dead', 'unchecked'])
    .describe(
      'checked: it answered when the report was made. unchecked: there was no way to look.',
    ),
});

/** What a report says. Every `text` is Markdown. */
export const ReportContent = z.object({
  headline: z.string().nullable(),
  summary: z.array(z.string()),
  note: z.string().nullable(),
  sections: z.array(
    z.object({
      id: z.string(),
      title: z.string(),
      missing: z
        .string()
        .nullable()
        .describe('What stands in its place where it could not be had.'),
      quotation: z
        .object({
          text: z.string(),
          author: z.string(),
          source: z.string().nullable(),
          note: z.string().nullable(),
        })
        .nullable(),
      table: z
        .object({
          columns: z.array(z.object({ title: z.string(), align: z.enum(['left', 'right']) })),
          rows: z.array(z.array(z.string())),
          note: z.string().nullable(),
        })
        .nullable(),
      items: z.array(
        z.object({ title: z.string().nullable(), text: z.string(), links: z.array(Link) }),
      ),
    }),
  ),
});
export type ReportContent = z.infer<typeof ReportContent>;

export const ReportDetail = ReportRun.extend({
  content: ReportContent.nullable().describe('Null: it is not written yet.'),
  turns: z.array(z.string()).describe('The turns in which Claude wrote it.'),
});
export type ReportDetail = z.infer<typeof ReportDetail>;

export const ReportFileContent = z.object({
  name: z.string(),
  media_type: z.string(),
  base64: z.string(),
});
export type ReportFileContent = z.infer<typeof ReportFileContent>;

export const listReports = defineOperation({
  id: 'listReports',
  method: 'GET',
  path: '/api/reports',
  tag: 'reports',
  access: 'owner',
  summary: 'List the reports that there are, and what is wrong with their files',
  input: z.object({}),
  output: { kind: 'json', status: 200, schema: z.array(DefinedReport) },
  errors: [],
});

export const startReport = defineOperation({
  id: 'startReport',
  method: 'POST',
  path: '/api/reports/{name}/runs',
  tag: 'reports',
  access: 'owner',
  audit: 'runs',
  auditFields: ['name'],
  summary: 'Have a report written now',
  description: 'It is begun, and not waited for: its run says how far it is.',
  input: z.object({
    name: ReportName,
    preview: z.boolean().default(false).describe('Send it to those of REPORT_CC alone.'),
    no_send: z.boolean().default(false).describe('Send it to nobody.'),
    date: z.iso
      .date()
      .optional()
      .describe('The day that it is for; today in its zone when absent.'),
  }),
  output: { kind: 'json', status: 201, schema: z.object({ run_id: RunId, date: day }) },
  errors: ['not_found', 'conflict', 'shutting_down', 'database_unavailable'],
});

export const listReportRuns = defineOperation({
  id: 'listReportRuns',
  method: 'GET',
  path: '/api/reports/runs',
  tag: 'reports',
  access: 'owner',
  summary: 'List runs of reports, newest first',
  description: 'For the next page, give the last id of this one as `before`.',
  input: z.object({
    report: ReportName.optional(),
    before: RunId.optional().describe('Only runs that began before this one.'),
    limit: z.int().min(1).max(200).default(30),
  }),
  output: { kind: 'json', status: 200, schema: z.array(ReportRun) },
  errors: [],
});

const oneRun = z.object({ run_id: RunId });

export const getReportRun = defineOperation({
  id: 'getReportRun',
  method: 'GET',
  path: '/api/reports/runs/{run_id}',
  tag: 'reports',
  access: 'owner',
  summary: 'One run of a report, with what it says and its sources',
  input: oneRun,
  output: { kind: 'json', status: 200, schema: ReportDetail },
  errors: ['not_found'],
});

export const getReportFile = defineOperation({
  id: 'getReportFile',
  method: 'GET',
  path: '/api/reports/runs/{run_id}/files/{kind}',
  tag: 'reports',
  access: 'owner',
  summary: 'One file of a report, as JSON',
  description: '`/api/reports/runs/{run_id}/files/{kind}/download` has it as it is, for a browser.',
  input: oneRun.extend({ kind: ReportFileKind }),
  output: { kind: 'json', status: 200, schema: ReportFileContent },
  errors: ['not_found'],
});

export const stopReportRun = defineOperation({
  id: 'stopReportRun',
  method: 'POST',
  path: '/api/reports/runs/{run_id}/stop',
  tag: 'reports',
  access: 'owner',
  summary: 'Stop a run of a report that has not ended',
  input: oneRun,
  output: {
    kind: 'json',
    status: 200,
    schema: z.object({ stopped: z.boolean(), state: ReportRunState }),
  },
  errors: ['not_found', 'database_unavailable'],
});
