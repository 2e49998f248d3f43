import type { ReportContent } from '../content.ts';
import { fillTemplate, readTemplate } from '../templates.ts';
import { htmlSlots } from './html-body.ts';
import { reportText } from './text-body.ts';

/** A report as the body of a mail: HTML, with the text as its alternative. */
export interface MailBody {
  readonly text: string;
  readonly html: string;
}

/**
 * @param template its name; without an HTML form of its own, the built-in one is taken
 * @param directory where the owner keeps templates
 * @throws TypesetError `template`
 */
export async function mailBodyOf(
  content: ReportContent,
  template = 'report',
  directory?: string,
): Promise<MailBody> {
  const page = await readTemplate(template, 'html', directory);
  return {
    text: reportText(content),
    html: fillTemplate(page, htmlSlots(content), ['sections']),
  };
}
