/** An expression in words. */
export interface Words {
  readonly en: string;
  readonly zh: string;
}

const oneTime = /^@at\s+(.*)$/is;

/** Say what a valid expression means, in English and Chinese. */
export async function inWords(expression: string): Promise<Words> {
  const text = expression.trim();
  const moment = oneTime.exec(text)?.[1];
  if (moment !== undefined) return { en: `Once, at ${moment}`, zh: `仅一次，在 ${moment}` };
  // All languages' words: loaded for who asks for some.
  const { default: cronstrue } = await import('cronstrue/i18n.js');
  const both = /\+(?=\S+$)/.test(text);
  const written = text.replace(/\+(?=\S+$)/, '').replace(/#L/i, 'L');
  const say = (locale: string): string => {
    try {
      return cronstrue.toString(written, {
        locale,
        use24HourTimeFormat: true,
        logicalAndDayFields: both,
      });
    } catch {
      // It has something that the words lack, such as a rare form of a field.
      return text;
    }
  };
  return { en: say('en'), zh: say('zh_CN') };
}
