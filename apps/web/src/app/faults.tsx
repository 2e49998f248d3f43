import { Link } from '@tanstack/react-router';
import { CircleAlert, MapPinOff } from 'lucide-react';
import { common } from '../i18n/common.ts';
import { useWords } from '../settings/settings.tsx';
import { Button } from '../ui/button.tsx';
import { EmptyState } from '../ui/states.tsx';

export function NotFound() {
  const words = useWords(common);
  return (
    <EmptyState
      icon={MapPinOff}
      title={words.notFound.title}
      action={
        <Link to="/chats" className="font-medium text-accent text-sm underline underline-offset-4">
          {words.notFound.home}
        </Link>
      }
    >
      {words.notFound.body}
    </EmptyState>
  );
}

/** A fault of the page, or a part of it that could not be loaded because the gateway was updated meanwhile. */
export function BrokenPage({ error }: { error: unknown }) {
  const words = useWords(common);
  return (
    <EmptyState
      icon={CircleAlert}
      title={words.broken.title}
      action={<Button onClick={() => window.location.reload()}>{words.retry}</Button>}
    >
      <p>{words.broken.body}</p>
      {error instanceof Error && (
        <p className="mt-2 break-words font-mono text-xs">{error.message}</p>
      )}
    </EmptyState>
  );
}
