import {
  bash,
  createMarkerScript,
  defaultReply,
  type MessagePlan,
  paced,
  reply,
  type Script,
  text,
  thinking,
} from '@mini-claude-bot/fake-anthropic';

/** About 40 words a second: fast enough to be a reply, slow enough to see it stream. */
const intervalMs = 25;

const asksForFiles = /\b(?:files?|director(?:y|ies)|folders?)\b|文件|目录/i;

/** Lists the chat's directory with a tool, then says what was found. */
const listFiles: Script = ({ conversation: { step, lastToolResult } }): MessagePlan =>
  step === 0
    ? reply(
        thinking('They want to know what is there. Looking is better than guessing.'),
        text('Let me look.'),
        bash('date > last-look.txt && ls -l'),
      )
    : reply(
        text(
          `This is what is in my working directory now:\n\n\`\`\`\n${lastToolResult ?? ''}\n\`\`\`\n\n` +
            'Each chat has a directory of its own, and sees no other.',
        ),
      );

/**
 * What the model of the demo says. Markers such as `[[bash:date]]` work as in the stand-in's own script.
 * @param hurried asked for each reply: whether it comes at once, without a pace to look at
 */
export const createDemoScript = (hurried: () => boolean): Script =>
  createMarkerScript(async (call) => {
    const answer = asksForFiles.test(call.conversation.prompt) ? listFiles : defaultReply;
    const plan = await answer(call);
    return plan.kind === 'message' ? paced(plan, hurried() ? 0 : intervalMs) : plan;
  });
