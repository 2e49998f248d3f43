import type { Prompt as Listing } from '@modelcontextprotocol/sdk/types.js';

/** A common job, as a message that begins it. */
export interface Prompt {
  readonly listing: Listing;
  /** Tools without which it makes no sense. */
  readonly needs: readonly string[];
  readonly text: (given: Readonly<Record<string, string>>) => string;
}

const required = (name: string, description: string) => ({ name, description, required: true });
const optional = (name: string, description: string) => ({ name, description, required: false });

export const prompts: readonly Prompt[] = [
  {
    listing: {
      name: 'catch_up',
      title: 'What was said in the chats',
      description: 'Sum up what happened in the chats lately.',
      arguments: [optional('since', 'From when on, such as "yesterday" (default: the last day)')],
    },
    needs: ['list_chat_sessions', 'get_chat_session'],
    text: ({ since = 'the last 24 hours' }) =>
      `Sum up what happened in the chats: ${since}.\n` +
      'List the conversations with list_chat_sessions, and read those with messages of that time with ' +
      'get_chat_session (`limit` 50, more only where it is needed). For each say in a few sentences what was ' +
      'asked and what came of it, and what is still open. Times are UTC. Leave out what is of no consequence.',
  },
  {
    listing: {
      name: 'ask_chat',
      title: 'Have a chat do something',
      description: "Give a chat's Claude a job, and report its answer.",
      arguments: [required('chat_id', 'The chat'), required('request', 'What it is to do')],
    },
    needs: ['send_gateway_message'],
    text: ({ chat_id, request }) =>
      `Send this to the chat ${JSON.stringify(chat_id)} with send_gateway_message, and wait for the reply:\n\n` +
      `${request}\n\nTell me the reply. If it failed, say why and what can be done; do not send it again by yourself.`,
  },
  {
    listing: {
      name: 'diagnose',
      title: 'Find out what is wrong',
      description: 'Look for what keeps the gateway or a chat from answering.',
      arguments: [optional('chat_id', 'Only this chat')],
    },
    needs: ['health_check', 'list_gateway_sessions', 'list_turns'],
    text: ({ chat_id }) =>
      `Find out whether something is wrong with the gateway${chat_id === undefined ? '' : ` and the chat ${JSON.stringify(chat_id)}`}.\n` +
      'Begin with health_check and list_gateway_sessions. Look for turns with the state failed, interrupted, ' +
      'expired or refused in list_turns, and for dead deliveries in list_deliveries. Say what you found, what ' +
      'it means, and what would mend it. Change nothing: ask me before you stop or reset a chat.',
  },
  {
    listing: {
      name: 'find_in_history',
      title: 'Find what was said',
      description: 'Look something up in the chat history.',
      arguments: [required('what', 'What to look for')],
    },
    needs: ['search_chat_history'],
    text: ({ what }) =>
      `Find in the chat history: ${what}\n` +
      'Search with search_chat_history, also with other words for the same thing, and read around the best ' +
      'hits. Answer with the facts, and say in which chat and when each was said.',
  },
  {
    listing: {
      name: 'remember',
      title: 'Keep something in mind',
      description: 'Store something as a memory, without storing it twice.',
      arguments: [required('what', 'What to remember')],
    },
    needs: ['add_memory', 'update_memory', 'search_memory'],
    text: ({ what }) =>
      `Remember this: ${what}\n` +
      'Look with search_memory whether it is known already. If it is, and differs, use update_memory; else ' +
      'add_memory with a short key that says what it is about. Tell me what is remembered now.',
  },
  {
    listing: {
      name: 'schedule',
      title: 'Have something done regularly',
      description: 'Make a scheduled job from plain words.',
      arguments: [
        required('what', 'What is to be done'),
        required('when', 'When, such as "weekdays at 9"'),
      ],
    },
    needs: ['create_cron_job', 'list_cron_jobs', 'preview_cron'],
    text: ({ what, when }) =>
      `Schedule this: ${what}\nWhen: ${when}\n` +
      'See with list_cron_jobs that there is none of the kind yet, find the expression, check it with ' +
      'preview_cron, and show me its next times and the job before you make it with create_cron_job. Use ' +
      '`job_type` "claude" for what needs judgement, and "shell" only for a command that I gave you.',
  },
  {
    listing: {
      name: 'work_in_background',
      title: 'Have something done in the background',
      description: "Give a chat's Claude long work, and look after it.",
      arguments: [required('chat_id', 'The chat'), required('work', 'What is to be done')],
    },
    needs: ['send_background_message', 'get_background_status'],
    text: ({ chat_id, work }) =>
      `Start this in the background of the chat ${JSON.stringify(chat_id)} with send_background_message:\n\n${work}\n\n` +
      'Then look with get_background_status whether it runs, and tell me how to ask for its result.',
  },
];
