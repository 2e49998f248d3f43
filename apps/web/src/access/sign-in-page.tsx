import { operations } from '@mini-claude-bot/contract';
import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useGateway } from '../api/gateway.tsx';
import { common } from '../i18n/common.ts';
import { useErrorWords } from '../i18n/errors.ts';
import { useWords } from '../settings/settings.tsx';
import { Button } from '../ui/button.tsx';
import { Field, Input } from '../ui/field.tsx';

/** Asks for the token once; the gateway answers with a cookie that no script can read. */
export function SignInPage({ onSignedIn }: { onSignedIn: () => void }) {
  const { signIn: words, brand } = useWords(common);
  const client = useGateway();
  const errorWords = useErrorWords();
  const [token, setToken] = useState('');
  const signIn = useMutation({
    mutationFn: () => client.call(operations.signIn, { token: token.trim() }),
    onSuccess: onSignedIn,
  });
  const fault = signIn.isError ? errorWords(signIn.error) : undefined;
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (token.trim() !== '') signIn.mutate();
  };
  return (
    <main className="flex min-h-dvh flex-col items-center justify-center gap-6 px-5 py-10">
      <form
        onSubmit={submit}
        className="flex w-full max-w-sm flex-col gap-5 rounded-xl border border-line bg-surface p-6 shadow-float"
      >
        <header className="flex items-center gap-3">
          <img src="/favicon.svg" alt="" width="36" height="36" />
          <div>
            <h1 className="font-semibold text-lg leading-tight">{words.title}</h1>
            <p className="text-soft text-xs">{brand}</p>
          </div>
        </header>
        <p className="text-sm">{words.body}</p>
        <Field
          label={words.token}
          hint={words.hint}
          error={fault === undefined ? undefined : `${fault.title} ${fault.detail ?? ''}`}
        >
          {(ids) => (
            <Input
              {...ids}
              type="password"
              autoComplete="current-password"
              autoFocus
              value={token}
              onChange={({ target }) => setToken(target.value)}
            />
          )}
        </Field>
        <Button type="submit" tone="solid" pending={signIn.isPending}>
          {words.submit}
        </Button>
        <p className="text-soft text-xs">{words.openHint}</p>
      </form>
    </main>
  );
}
