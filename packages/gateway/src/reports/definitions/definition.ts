import { z } from 'zod';
import { isTimeZone } from '../../cron/schedule/time-zone.ts';
import { reportLanguage } from '../content.ts';

/** Of a report, which is also its file's: `<name>.yaml`. */
export const reportName = z.string().regex(/^[a-z][a-z0-9-]{0,39}$/, {
  error: 'must be of small letters, digits and hyphens, begin with a letter, and have at most 40',
});

const line = (most: number) => z.string().trim().min(1).max(most);
const words = z.string().trim().min(1).max(8_000);

/** Variables that name recipients. */
export const recipientVariables = [
  'REPORT_TO_PRIMARY',
  'REPORT_TO_SECONDARY',
  'REPORT_CC',
] as const;
export type RecipientVariable = (typeof recipientVariables)[number];

const isRecipient = (text: string): boolean =>
  z.email().safeParse(text).success || recipientVariables.some((name) => text === `$${name}`);

const recipient = z.string().refine(isRecipient, {
  error: `must be an e-mail address, or one of ${recipientVariables.map((name) => `$${name}`).join(', ')}`,
});
const recipients = z.array(recipient).max(50);

const weekdays = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;

const section = z.strictObject({
  id: z.string().regex(/^[a-z][a-z0-9-]{0,39}$/, {
    error: 'must be of small letters, digits and hyphens, and begin with a letter',
  }),
  title: line(120),
  instructions: words,
  /** What it must have; `items`: texts, of which there is at least one. */
  form: z.enum(['items', 'quotation', 'table']).default('items'),
  /** Whether something in it must say where it was read. */
  links: z.enum(['needed', 'welcome']).default('needed'),
});

/** A report as its owner describes it in a file. Every text of it is for Claude, but titles. */
export const reportDefinition = z.strictObject({
  language: reportLanguage,
  title: line(120),
  time: z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, { error: 'must be a time such as "09:00"' }),
  zone: z.string().refine(isTimeZone, { error: 'must be a time zone such as Asia/Shanghai' }),
  days: z
    .array(z.enum(weekdays))
    .min(1)
    .default([...weekdays]),
  /** Whether it is written by itself. */
  enabled: z.boolean().default(true),
  to: recipients.default([]),
  cc: recipients.default([]),
  tone: words.optional(),
  sections: z
    .array(section)
    .min(1)
    .max(30)
    .refine((all) => new Set(all.map(({ id }) => id)).size === all.length, {
      error: 'each section needs an id of its own',
    }),
  watch_list: z
    .array(
      z.strictObject({ name: line(120), symbol: line(30).optional(), why: line(500).optional() }),
    )
    .max(60)
    .default([]),
  /** How to write the personal note; unset: there is none. */
  note: words.optional(),
  template: z
    .string()
    .regex(/^[a-z][a-z0-9-]{0,39}$/, { error: 'must be the name of a template' })
    .default('report'),
  attach: z.array(z.enum(['pdf', 'text'])).default(['pdf']),
  /** `weekly`: the mails of a week are one conversation in the mail program. */
  thread: z.enum(['none', 'weekly']).default('none'),
});

export type ReportDefinition = z.infer<typeof reportDefinition>;
export type SectionDefinition = ReportDefinition['sections'][number];

/** When it is written: a cron expression, in its zone. */
export function scheduleOf({ time, days }: ReportDefinition): string {
  const [hour = '', minute = ''] = time.split(':');
  const chosen = weekdays.filter((day) => days.includes(day));
  const on = chosen.length === weekdays.length ? '*' : chosen.join(',');
  return `${Number(minute)} ${Number(hour)} * * ${on}`;
}

/** Addresses of whom it goes to, each once. @param given addresses, and names of variables */
export function addressesOf(
  given: readonly string[],
  variables: Readonly<Record<RecipientVariable, readonly string[] | undefined>>,
): string[] {
  const all = given.flatMap((one) => {
    const variable = recipientVariables.find((name) => one === `$${name}`);
    return variable === undefined ? [one] : (variables[variable] ?? []);
  });
  return [...new Map(all.map((address) => [address.toLowerCase(), address])).values()];
}
