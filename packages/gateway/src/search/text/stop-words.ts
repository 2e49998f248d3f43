import { termOf } from './fold.ts';

/** Words that stand in any text: whoever looks for more than these does not mean them. */
const words = `
a an and are as at be been but by can could did do does for from had has have he her him his how i if in into is it
its just me my no not of on or our she should so than that the their them then there these they this to up us was we
were what when where which who why will with would you your
的 了 是 在 我 你 他 她 它 们 我们 你们 他们 和 与 也 就 都 而 及 着 吗 呢 吧 啊 把 被 这 那 这个 那个 什么 怎么 怎样 哪 哪里 谁 为什么 一个 有 没有
是不 不是 是什 的是 了吗 么时 什么时候 是谁 在哪`;

const stopWords = new Set(
  words
    .split(/\s+/)
    .filter((word) => word !== '')
    .map(termOf),
);

/** Terms without those that say nothing; all of them where none says anything. */
export function meaningful(terms: readonly string[]): readonly string[] {
  const left = terms.filter((term) => !stopWords.has(term));
  return left.length > 0 ? left : terms;
}
