import { mailBodyOf } from './body/mail-body.ts';
import type { ReportContent } from './content.ts';
import type { SetReport } from './runs/report-files.ts';
import { RunFailure } from './runs/run-failure.ts';
import { TypesetError } from './typeset/typeset-error.ts';
import type { Typesetter } from './typeset/typesetter.ts';

/** How a report becomes files. */
export interface Setting {
  readonly typesetter: Typesetter;
  /** Name of the template. */
  readonly template: string;
  /** Where the owner keeps templates of their own. */
  readonly templates: string;
}

/** Make files of a report. @throws RunFailure */
export async function setReport(
  content: ReportContent,
  { typesetter, template, templates }: Setting,
  signal: AbortSignal,
): Promise<SetReport> {
  try {
    const { text, html } = await mailBodyOf(content, template, templates);
    const { pdf } = await typesetter.typeset(content, { template, signal });
    return { pdf, text, html };
  } catch (error) {
    if (error instanceof TypesetError) throw new RunFailure(error.message);
    throw error;
  }
}
