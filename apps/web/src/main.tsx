// First: what is made of schemas while the program begins is made by this rule.
import './app/no-made-code.ts';
import './styles.css';
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode, startTransition } from 'react';
import { createRoot } from 'react-dom/client';
import { SignInGate } from './access/sign-in-gate.tsx';
import { createPageClient, createPageQueries, GatewayProvider } from './api/gateway.tsx';
import { createPageRouter } from './app/router.ts';
import { LiveProvider } from './live/live-provider.tsx';
import { SettingsProvider } from './settings/settings.tsx';
import { ToastProvider } from './ui/toast.tsx';

const place = document.getElementById('page');
if (place === null) throw new Error('index.html has no place for the page');

/** Between two tasks the browser can paint, and answer whoever touches the page. */
const breath = () => new Promise((resolve) => setTimeout(resolve));

async function start(page: HTMLElement): Promise<void> {
  await breath();
  const router = createPageRouter();
  // With what the page at this address is made of: all of it is shown in one go. A failure is shown there, too.
  await router.load().catch(() => {});
  await breath();
  const whole = (
    <StrictMode>
      <SettingsProvider>
        <ToastProvider>
          <GatewayProvider client={createPageClient()}>
            <QueryClientProvider client={createPageQueries()}>
              <SignInGate>
                <LiveProvider>
                  <RouterProvider router={router} />
                </LiveProvider>
              </SignInGate>
            </QueryClientProvider>
          </GatewayProvider>
        </ToastProvider>
      </SettingsProvider>
    </StrictMode>
  );
  // As a transition: it is made in steps, too.
  startTransition(() => createRoot(page).render(whole));
}

void start(place);
