import type { ReactNode } from 'react';
import { Card, Figures } from './card.tsx';
import type { View } from './view.ts';

export function MemoryCard({ state, words, writing }: View): ReactNode {
  const { memory } = state.metrics;
  const { memory: say, none } = words;
  const categories = Object.entries(memory.categories ?? {}).toSorted(([, a], [, b]) => b - a);
  const items = memory.items?.filter((item) => Object.values(item).length > 0) ?? [];
  return (
    <Card id="memory" title={say.title}>
      <p className="big">
        {writing.count(memory.count)} <small>{say.count}</small>
      </p>
      <Figures
        of={[
          [say.oldest, writing.ago(memory.oldest) ?? none],
          [say.newest, writing.ago(memory.newest) ?? none],
        ]}
      />
      {categories.length > 0 && (
        <ul className="chips" aria-label={say.categories}>
          {categories.map(([name, count]) => (
            <li key={name}>
              {name} <b>{writing.count(count)}</b>
            </li>
          ))}
        </ul>
      )}
      {items.length > 0 && (
        <ul className="rows">
          {items.slice(0, 20).map((item) => (
            <li key={`${item.key} ${item.category} ${item.content}`}>
              {item.key !== undefined && <p className="name">{item.key}</p>}
              {item.content !== undefined && <p className="preview">{item.content}</p>}
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}

export function ChatCard({ state, words, writing }: View): ReactNode {
  const { chat } = state.metrics;
  const { chat: say, none } = words;
  return (
    <Card id="chat" title={say.title}>
      <p className="big">
        {writing.count(chat.message_count)} <small>{say.messages}</small>
      </p>
      <p className="big second">
        {writing.count(chat.session_count)} <small>{say.sessions}</small>
      </p>
      <Figures
        of={[
          [say.first, writing.ago(chat.oldest_message) ?? none],
          [say.last, writing.ago(chat.newest_message) ?? none],
        ]}
      />
    </Card>
  );
}
