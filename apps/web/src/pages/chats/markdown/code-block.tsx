import { memo, type ReactNode } from 'react';
import { CopyButton } from '../../../ui/copy-button.tsx';
import { ScrollBox } from '../../../ui/scroll-box.tsx';
import { useHighlight } from './use-highlight.ts';

/** Code with its language, a button to copy it, and colours as soon as they are there. */
export const CodeBlock = memo(function CodeBlock({
  code,
  language,
}: {
  code: string;
  language: string;
}) {
  const coloured: ReactNode = useHighlight(code, language);
  return (
    <figure className="code">
      <figcaption>
        <span>{language}</span>
        <CopyButton text={code} />
      </figcaption>
      <ScrollBox dir="ltr">
        <pre>
          <code>{coloured}</code>
        </pre>
      </ScrollBox>
    </figure>
  );
});
