import type { cronEn } from '../../i18n/cron.en.ts';
import type { Translated } from '../../i18n/words.ts';

type Words = Pick<Translated<typeof cronEn>, 'gatewayDoes' | 'writesReport'>;

/** A command that the gateway carries out itself, for a reader; one that is not known is shown as it is. */
export function whatGatewayDoes(command: string, { gatewayDoes, writesReport }: Words): string {
  const report = /^report (\S+)$/.exec(command)?.[1];
  if (report !== undefined) return writesReport(report);
  const known: Readonly<Record<string, string>> = gatewayDoes;
  return known[command] ?? command;
}
