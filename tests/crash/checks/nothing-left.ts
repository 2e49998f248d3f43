import type { Check } from './read-round.ts';

/** No process of an earlier start lives once a new one serves. */
export const noOrphans: Check = ({ left }) =>
  left.map(({ pid, generation, command, when }) => ({
    what: `process ${pid} of start ${generation} was there ${when}: ${command}`,
  }));

/** No process of an earlier start talks to the model once a new one serves. */
export const noOrphanTalks: Check = ({ requests, starts }) =>
  requests.flatMap(({ generation, prompt, receivedAt }) => {
    const newer = starts.find(
      (start) => start.generation > generation && start.readyAt + slackMs < receivedAt,
    );
    if (newer === undefined) return [];
    return [
      {
        what: `a process of start ${generation} asked the model under ${newer.generation}: ${prompt}`,
      },
    ];
  });

const slackMs = 100;

/** No slot and no lane is held, and the gateway ends when it is asked to. */
export const nothingStuck: Check = ({ stuck }) => stuck.map((what) => ({ what }));

/** The file is whole, at each death and in the end. */
export const fileIsWhole: Check = ({ deaths, stored }) => [
  ...deaths.flatMap(({ damage }, index) =>
    damage.map((what) => ({ what: `after death ${index + 1}: ${what}` })),
  ),
  ...stored.damage.map((what) => ({ what: `in the end: ${what}` })),
];
