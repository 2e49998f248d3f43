import type { AdoptPlan } from '../../adopt/adopt.ts';

/** A plan for programs. No value of a variable is in it. @param done it is in force */
export function planJson(plan: AdoptPlan, done: boolean): unknown {
  const { install, rebuilt, chats, jobs, variables, archives } = plan;
  return {
    done,
    from: { root: install.root, database: install.database, env: install.envFile ?? null },
    into: { database: plan.database, env: plan.envFile },
    running: plan.openIn !== undefined,
    version: rebuilt.version,
    tables: rebuilt.tables,
    left_tables: rebuilt.left,
    vectors: rebuilt.vectors,
    chats: chats.map(({ chat, directory, closed, goesOn }) => ({
      bot_id: chat.botId,
      chat_id: chat.chatId,
      directory,
      closed,
      conversation: goesOn.kind === 'goes on' ? goesOn.conversation : null,
      ...(goesOn.kind === 'goes on' ? { known: goesOn.known } : { why: goesOn.why }),
    })),
    cron_jobs: jobs,
    variables: variables.map((variable) => ({
      name: variable.name,
      state: variable.kind,
      ...(variable.kind === 'left' ? { why: variable.why } : {}),
    })),
    archives,
  };
}
