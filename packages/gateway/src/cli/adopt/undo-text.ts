import type { AdoptPlan } from '../../adopt/adopt.ts';
import type { AdoptionRecord } from '../../adopt/adoption-record.ts';
import type { TakenBack } from '../../adopt/take-back.ts';

/** What to do once an install is taken over. */
export const afterwards = ({ openIn }: AdoptPlan): string =>
  [
    'Done. Nothing of the old install was changed.',
    ...(openIn === undefined ? [] : ['Stop the old system before you start this one.']),
    'Look at it with:  mini-claude-bot doctor',
    'Start it with:    mini-claude-bot start',
    'Take it back with: mini-claude-bot adopt --undo',
    '',
  ].join('\n');

/** What an undo does. */
export const undoText = (
  { at, from, env }: AdoptionRecord,
  database: string,
  used: boolean,
): string =>
  [
    `${from.root} was taken over on ${at}. To take that back:`,
    used
      ? `  the database ${database} gets another name, since it was used meanwhile`
      : `  the database ${database} is removed`,
    ...(env.digest === undefined
      ? []
      : [`  the lines that were written into ${env.file} are removed`]),
    'The old install is as it was. Its chats’ directories and Claude’s transcripts are used in place by both: what',
    'was said meanwhile stays in them.',
    '',
  ].join('\n');

/** What became of it. */
export const takenBackText = (
  { keptAs, restored, env }: TakenBack,
  record: AdoptionRecord,
  database: string,
): string =>
  [
    'Taken back.',
    ...(keptAs === undefined ? [] : [`What was used meanwhile is now ${keptAs}.`]),
    ...(restored ? [`${database} is the file that was there before.`] : []),
    ...(env === 'left'
      ? [`The lines in ${record.env.file} were changed since, and are left: remove them by hand.`]
      : []),
    '',
  ].join('\n');
