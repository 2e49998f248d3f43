import type { ReportContent } from './content.ts';
import type { SetReport } from './runs/report-files.ts';
import { RunFailure } from './runs/run-failure.ts';
import { TypesetError } from './typeset/typeset-error.ts';
import type { Typesetter } from './typeset/typesetter.ts';

/** Make files of a report. @throws RunFailure */
export async function setReport(
  typesetter: Typesetter,
  content: ReportContent,
  template: string,
  signal: AbortSignal,
): Promise<SetReport> {
  try {
    const { pdf } = await typesetter.typeset(content, { template, signal });
    return { pdf, text: '', html: '' };
  } catch (error) {
    if (error instanceof TypesetError) throw new RunFailure(error.message);
    throw error;
  }
}
