import type { AdoptPlan } from '../../adopt/adopt.ts';
import type { CarriedJob } from '../../adopt/describe-jobs.ts';
import type { FoundChat } from '../../adopt/find-conversations.ts';
import type { PlannedVariable } from '../../adopt/plan-variables.ts';
import type { RowRange } from '../../adopt/read-rows.ts';
import type { CarriedTable, Rebuilt } from '../../adopt/rebuild.ts';
import { PrintableText } from '../chat/printable-text.ts';
import { textTable } from '../text-table.ts';

/** Everything that becomes of an old install, for a terminal. No value of a variable is in it. */
export function planText(plan: AdoptPlan): string {
  const { install, rebuilt } = plan;
  const parts = [
    [
      `The old install:  ${install.root}`,
      `  its database    ${install.database} (version ${rebuilt.version})`,
      `  its settings    ${install.envFile ?? 'none: it has no .env'}`,
      ...running(plan),
    ],
    [`What comes over into ${plan.database}:`, ...tablesText(rebuilt)],
    chatsText(plan.chats),
    jobsText(plan.jobs),
    variablesText(plan.variables, plan.envFile),
    [archivesText(plan.archives)],
  ];
  const text = parts
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n');
  // Names and paths of others stand in it.
  return `${new PrintableText().clean(text)}\n\n`;
}

function running({ openIn }: AdoptPlan): string[] {
  if (openIn === undefined) return [];
  const { processes } = openIn;
  const which = processes.length === 0 ? '' : ` (process ${processes.join(', ')})`;
  return [
    `  ! It seems to run: its database is open${which}. What it writes from here on does not come over, and two`,
    '    systems in the same chats get into each other’s way: stop it first, then do this.',
  ];
}

function tablesText({ tables, left, vectors }: Rebuilt): string[] {
  const rows = tables.map((table) => [
    table.name,
    table.state === 'there' ? String(table.carried) : '-',
    table.state === 'there' ? notCarried(table) : '-',
    table.state === 'missing'
      ? 'the table is missing'
      : table.state === 'absent'
        ? 'not of its version'
        : why(table),
  ]);
  const vectorRow = [
    'vectors',
    String(vectors.carried),
    String(vectors.found - vectors.carried),
    vectors.unreadable === undefined
      ? 'what is missing is embedded anew'
      : `not to be read here: ${vectors.unreadable}`,
  ];
  return [
    indent(textTable(['TABLE', 'COMES', 'NOT', ''], [...rows, vectorRow])),
    ...left.map(
      ({ name, rows: count }) =>
        `  left behind: the table ${name} (${count ?? 'unknown'} rows), which is not of the old system`,
    ),
  ];
}

const indent = (text: string): string =>
  text
    .split('\n')
    .map((line) => `  ${line}`)
    .join('\n');

function notCarried({ refused, unreadable }: CarriedTable): string {
  const known = Object.values(refused).reduce((sum, count) => sum + count, 0);
  const lost = unreadable.reduce((sum, { from, to }) => sum + to - from + 1, 0);
  return lost === 0 ? String(known) : `up to ${known + lost}`;
}

function why({ refused, unreadable, mended }: CarriedTable): string {
  return [
    ...Object.entries(refused).map(([reason, count]) => `${count}: ${reason}`),
    ...(unreadable.length > 0 ? [`damaged: ${rangesText(unreadable)}`] : []),
    ...(mended > 0 ? [`${mended} with a value mended`] : []),
  ].join('; ');
}

const mostRanges = 5;

function rangesText(ranges: readonly RowRange[]): string {
  const told = ranges
    .slice(0, mostRanges)
    .map(({ from, to }) => (from === to ? String(from) : `${from}-${to}`));
  return [...told, ...(ranges.length > mostRanges ? ['…'] : [])].join(', ');
}

function chatsText(chats: readonly FoundChat[]): string[] {
  if (chats.length === 0) return ['Chats: none has a session.'];
  const goOn = chats.filter(({ goesOn }) => goesOn.kind === 'goes on');
  const closed = goOn.filter((chat) => chat.closed).length;
  const anew = chats.filter(({ goesOn }) => goesOn.kind === 'begins anew');
  return [
    `Chats: ${goOn.length} of ${chats.length} go on in the conversation that they had` +
      `${closed > 0 ? ` (${closed} of them had been closed for idling)` : ''}.`,
    ...anew.map(
      ({ chat, directory, goesOn }) =>
        `  begins anew: ${chat.chatId} of ${chat.botId} (${
          goesOn.kind === 'begins anew' && goesOn.why === 'no directory'
            ? `its directory ${directory} is not there`
            : 'Claude has no transcript of it'
        })`,
    ),
  ];
}

function jobsText(jobs: readonly CarriedJob[]): string[] {
  if (jobs.length === 0) return [];
  return [
    'Jobs, with days of the week as they are counted here (the old system began with Monday as 0):',
    indent(
      textTable(
        ['ID', 'NAME', 'TIMES BEFORE', 'TIMES NOW', ''],
        jobs.map(({ id, name, was, now, enabled, fault }) => [
          String(id),
          name,
          was,
          now === was ? 'the same' : now,
          fault === undefined ? (enabled ? '' : 'paused') : `! will not run: ${fault}`,
        ]),
      ),
    ),
  ];
}

function variablesText(variables: readonly PlannedVariable[], envFile: string): string[] {
  if (variables.length === 0) return [];
  const named = (kind: PlannedVariable['kind']): string =>
    variables
      .filter((variable) => variable.kind === kind)
      .map((variable) =>
        variable.kind === 'taken' && variable.was !== undefined
          ? `${variable.name} (was ${variable.was})`
          : variable.name,
      )
      .join(', ');
  const lines: readonly (readonly [string, string])[] = [
    ['written', named('taken')],
    ['here already', named('same')],
    ['otherwise here, which stays', named('kept')],
    ['not known, left (copy what your jobs need)', named('unknown')],
  ];
  return [
    `Settings, into ${envFile}:`,
    ...lines.filter(([, names]) => names !== '').map(([what, names]) => `  ${what}: ${names}`),
    ...variables.flatMap((variable) =>
      variable.kind === 'left' ? [`  left: ${variable.name} (${variable.why})`] : [],
    ),
  ];
}

const archivesText = ({ place, entries }: AdoptPlan['archives']): string =>
  typeof entries === 'number'
    ? `Harness archives: ${entries} in ${place}, where they stay.`
    : `Harness archives: ! ${place}: ${entries}`;
