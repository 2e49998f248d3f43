import { type MessagePlan, reply, text, thinking } from './plan.ts';
import type { Script, ScriptCall } from './script.ts';

/** So fast it is a reply, so slow one sees it stream: about 40 words a second. */
const intervalMs = 25;

/**
 * A believable reply to a prompt without markers: in Chinese if the prompt has Han characters, else in
 * English; with a list, a table or code if the prompt speaks of one. The same prompt gets the same reply.
 */
export const defaultReply: Script = (call): MessagePlan => {
  const language = /\p{Script=Han}/u.test(call.conversation.prompt) ? chinese : english;
  const thought = call.request.thinking ? [thinking(language.thought)] : [];
  return { ...reply(...thought, text(answer(language, call))), intervalMs };
};

function answer(language: Language, { conversation }: ScriptCall): string {
  const quote = quoteOf(conversation.prompt);
  const variant = language.variants.find(({ when }) => when.test(conversation.prompt));
  const opening = quote === '' ? language.greeting : language.opening(quote);
  const earlier = conversation.earlierPrompts.length;
  return [
    opening,
    variant?.body ?? language.plain,
    ...(earlier > 0 ? [language.memory(earlier)] : []),
    language.closing,
  ].join('\n\n');
}

/** The first line, short enough to stand in a sentence. */
function quoteOf(prompt: string): string {
  const line = prompt.trim().split('\n', 1)[0]?.replaceAll(/\s+/g, ' ') ?? '';
  const points = [...line];
  return points.length > 40 ? `${points.slice(0, 40).join('')}…` : line;
}

type Language = {
  readonly thought: string;
  readonly greeting: string;
  readonly opening: (quote: string) => string;
  readonly variants: readonly { readonly when: RegExp; readonly body: string }[];
  readonly plain: string;
  readonly memory: (earlier: number) => string;
  readonly closing: string;
};

const english: Language = {
  thought:
    'Let me see what is being asked here. A short answer with one example should serve best, and I can offer to go on from there.',
  greeting: 'Hello! It is good to hear from you.',
  opening: (quote) => `You wrote “${quote}”. Happy to help with that.`,
  variants: [
    {
      when: /\b(?:table|compare|comparison|versus|vs)\b/i,
      body: '| Option | Strength | Mind that |\n| --- | --- | --- |\n| Start small | quick to try | needs a second pass |\n| Plan first | fewer surprises | takes longer |\n| Ask around | fresh ideas | opinions differ |',
    },
    {
      when: /\b(?:code|function|script|program|typescript|javascript)\b/i,
      body: 'Here is a small example:\n\n```ts\n/** Greet someone by name. */\nexport function greet(name: string): string {\n  return "Hello, " + name + "!";\n}\n\nconsole.log(greet("world"));\n```\n\nIt takes a name and gives the greeting back, so it is easy to test.',
    },
    {
      when: /\b(?:list|steps?|plan|ideas?|todo|how (?:do|to|can))\b/i,
      body: 'I would go about it like this:\n\n1. **Say what it should do** in one sentence.\n2. **Try the smallest version** that could work.\n3. **Look at the result** and note what surprised you.\n4. **Improve one thing** at a time.',
    },
  ],
  plain:
    'In short: begin with what you know, keep the first step small, and check the outcome before going on. That way each step tells you something about the next one.',
  memory: (earlier) =>
    earlier === 1
      ? 'I also have your earlier message in mind.'
      : `I also have your ${earlier} earlier messages in mind.`,
  closing: 'Shall I go into more detail?',
};

const chinese: Language = {
  thought: '先弄清楚用户想要什么。简短回答、配一个例子应该最合适,之后可以再展开。',
  greeting: '你好!很高兴收到你的消息。',
  opening: (quote) => `收到,你说的是「${quote}」。我来帮你看看。`,
  variants: [
    {
      when: /表格|对比|比较/,
      body: '| 方案 | 优点 | 注意 |\n| --- | --- | --- |\n| 先做小的 | 上手快 | 之后要再改一遍 |\n| 先做计划 | 意外少 | 花的时间多一些 |\n| 多问几个人 | 想法新 | 意见不一定一致 |',
    },
    {
      when: /代码|函数|脚本|程序/,
      body: '下面是一个小例子:\n\n```ts\n/** 按名字打招呼。 */\nexport function greet(name: string): string {\n  return "你好," + name + "!";\n}\n\nconsole.log(greet("世界"));\n```\n\n它接收一个名字,返回一句问候,很容易测试。',
    },
    {
      when: /列表|清单|步骤|计划|怎么|如何/,
      body: '我会这样做:\n\n1. **用一句话说清目标**。\n2. **先做能用的最小版本**。\n3. **看结果**,记下意料之外的地方。\n4. **一次只改进一处**。',
    },
  ],
  plain:
    '简单来说:从已知的部分开始,第一步尽量小,看到结果再往下走。这样每一步都能告诉你下一步该怎么做。',
  memory: (earlier) => `你之前的 ${earlier} 条消息我也记得。`,
  closing: '需要我再展开讲讲吗?',
};
