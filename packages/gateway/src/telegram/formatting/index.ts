export { formatMarkdown, formatPlain } from './format-markdown.ts';
export { splitMessage } from './split-message.ts';
