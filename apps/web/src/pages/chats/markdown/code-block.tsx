import { memo, type ReactNode } from 'react';
import { CopyButton } from '../../../ui/copy-button.tsx';
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
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard */}
      <pre tabIndex={0} dir="ltr">
        <code>{coloured}</code>
      </pre>
    </figure>
  );
});
