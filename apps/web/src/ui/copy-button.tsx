import { Check, Copy } from 'lucide-react';
import { useEffect, useState } from 'react';
import { common } from '../i18n/common.ts';
import { useWords } from '../settings/settings.tsx';
import { IconButton } from './button.tsx';

/** Copies a text, and says that it did. */
export function CopyButton({ text, className }: { text: string; className?: string }) {
  const words = useWords(common);
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), 1_500);
    return () => clearTimeout(timer);
  }, [copied]);
  const copy = async (): Promise<void> => setCopied(await copyText(text));
  return (
    <IconButton
      small
      icon={copied ? Check : Copy}
      label={copied ? words.copied : words.copy}
      onClick={() => void copy()}
      {...(className === undefined ? {} : { className })}
    />
  );
}

/** Over plain HTTP on another machine there is no clipboard for pages; the old way still works there. */
export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const area = document.createElement('textarea');
    area.value = text;
    area.style.position = 'fixed';
    document.body.append(area);
    area.select();
    const done = document.execCommand('copy');
    area.remove();
    return done;
  }
}
