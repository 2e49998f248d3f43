// First: what is made of schemas while the program begins is made by this rule.
import './app/no-made-code.ts';
import './styles.css';
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { SignInGate } from './access/sign-in-gate.tsx';
import { createPageClient, createPageQueries, GatewayProvider } from './api/gateway.tsx';
import { createPageRouter } from './app/router.ts';
import { LiveProvider } from './live/live-provider.tsx';
import { SettingsProvider } from './settings/settings.tsx';
import { ToastProvider } from './ui/toast.tsx';

const place = document.getElementById('page');
if (place === null) throw new Error('index.html has no place for the page');

createRoot(place).render(
  <StrictMode>
    <SettingsProvider>
      <ToastProvider>
        <GatewayProvider client={createPageClient()}>
          <QueryClientProvider client={createPageQueries()}>
            <SignInGate>
              <LiveProvider>
                <RouterProvider router={createPageRouter()} />
              </LiveProvider>
            </SignInGate>
          </QueryClientProvider>
        </GatewayProvider>
      </ToastProvider>
    </SettingsProvider>
  </StrictMode>,
);
