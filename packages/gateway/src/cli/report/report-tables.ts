import type { DefinedReport, ReportDetail, ReportRun } from '@mini-claude-bot/contract';
import { textTable } from '../text-table.ts';

export function reportsTable(reports: readonly DefinedReport[]): string {
  const rows = reports.map((report) => [
    report.name,
    report.title ?? '-',
    report.time === null ? '-' : `${report.time} ${report.timezone ?? ''}`,
    String(report.recipients),
    report.next_run_at?.slice(0, 16).replace('T', ' ') ?? '-',
    report.origin,
    report.note ?? '',
  ]);
  const headings = ['NAME', 'TITLE', 'AT', 'GOES TO', 'NEXT (UTC)', 'FILE', 'NOTE'];
  const faults = reports.flatMap(({ file, faults: found }) =>
    found.map(
      ({ line, column, field, message }) =>
        `${[file, line, column].filter((part) => part !== null).join(':')}: ${
          field === '' ? '' : `${field}: `
        }${message}`,
    ),
  );
  return [textTable(headings, rows), ...(faults.length === 0 ? [] : ['', ...faults])].join('\n');
}

export const runsTable = (runs: readonly ReportRun[]): string =>
  textTable(
    ['RUN', 'REPORT', 'DAY', 'STATE', 'FOR', 'MAIL', 'SAYS'],
    runs.map((run) => [
      run.id,
      run.report,
      run.date,
      run.state,
      run.audience,
      run.mail?.state ?? '-',
      run.problem ?? run.headline ?? '',
    ]),
  );

/** What a run came to. */
export function runLines(run: ReportDetail): string {
  const lines = [`${run.title}, ${run.date}: ${run.headline ?? 'made'}`];
  if (run.missing_sections.length > 0)
    lines.push(`Could not be had: ${run.missing_sections.join(', ')}`);
  lines.push(`Mail: ${run.mail === null ? 'to nobody' : run.mail.state}`);
  lines.push(...run.files.map(({ name, bytes }) => `${name} (${bytes} bytes)`));
  lines.push(`Run ${run.id}`);
  return lines.join('\n');
}
