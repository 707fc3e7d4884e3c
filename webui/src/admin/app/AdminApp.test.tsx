import { render, screen } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { http, HttpResponse, type HttpHandler } from 'msw';
import { describe, expect, it } from 'vitest';
import { setKey } from '../../api/apiKey';
import { failure, KEY, server } from '../../test/server';
import { AdminApp } from './AdminApp';

const ALL = { submit: true, read: true, play: true, moderate: true, keys: true, admin: true };
const NONE = { submit: false, read: false, play: false, moderate: false, keys: false, admin: false };

function open(path: string, access: Partial<typeof ALL>, ...handlers: HttpHandler[]) {
  window.history.replaceState(null, '', path);
  setKey(KEY);
  window.scrollTo = () => undefined;
  server.use(
    ...handlers,
    http.get('*/api/leaderboard/access', () => HttpResponse.json({ ...NONE, ...access })),
    http.get('*/api/leaderboard/moderation', () => HttpResponse.json([])),
    http.get('*/api/leaderboard/api-keys', () => HttpResponse.json([])),
    http.get('*/api/leaderboard/rejected', () => HttpResponse.json([])),
  );
  render(<AdminApp />);
}

function sections() {
  return screen.getAllByRole('link').flatMap((link) => {
    const href = link.getAttribute('href') ?? '';
    return link.closest('nav[aria-label=Sections]') ? [href.replace('/admin/', '')] : [];
  });
}

describe('the console', () => {
  it.each([
    [ALL, ['boards', 'players', 'moderation', 'rejected', 'keys', 'health'], undefined],
    [{ read: true, moderate: true }, ['boards', 'players', 'moderation', 'rejected', 'health'], /the scope keys\./],
    [{ keys: true }, ['keys'], /the scope moderate\./],
  ])('shows the sections of the key: %j', async (access, names, closed) => {
    open('/admin/keys', access);
    await screen.findByRole('navigation', { name: 'Sections' });
    expect(sections()).toEqual(names);
    const note = screen.queryByText(/^Not shown:/);
    if (closed) expect(note).toHaveTextContent(closed);
    else expect(note).not.toBeInTheDocument();
  });

  it('opens nothing for a key that may only read', async () => {
    open('/admin/moderation', { read: true, submit: true });
    expect(await screen.findByText('This API key does not open the console')).toBeInTheDocument();
    expect(screen.getByRole('button', { name: 'Use another API key' })).toBeInTheDocument();
  });

  it('asks for another key if the service refuses this one', async () => {
    open(
      '/admin/moderation',
      ALL,
      http.get('*/api/leaderboard/access', () => failure(401, 'invalid_api_key', 'the API key is unknown')),
    );
    expect(await screen.findByText('This API key does not open the console')).toBeInTheDocument();
  });

  it('says why a section is closed', async () => {
    open('/admin/keys', { read: true, moderate: true });
    expect(await screen.findByText('API keys cannot be shown')).toBeInTheDocument();
  });

  it('moves the focus to the heading with the section, and back', async () => {
    open('/admin/moderation', ALL);
    expect(await screen.findByText('Nothing was moderated yet')).toBeInTheDocument();
    await userEvent.click(screen.getByRole('link', { name: 'API keys' }));
    expect(window.location.pathname).toBe('/admin/keys');
    const heading = screen.getByRole('heading', { level: 1 });
    expect(heading).toHaveTextContent('API keys');
    expect(heading).toHaveFocus();
    expect(document.title).toBe('API keys \u2013 Leaderboard console');
  });

  it('shows an error with a button, and loads again', async () => {
    let isDown = true;
    open(
      '/admin/rejected',
      ALL,
      http.get('*/api/leaderboard/rejected', () =>
        isDown ? failure(503, 'database_unavailable', 'no database') : HttpResponse.json([]),
      ),
    );
    expect(await screen.findByText('The submissions could not be loaded')).toBeInTheDocument();
    isDown = false;
    await userEvent.click(screen.getByRole('button', { name: 'Try again' }));
    expect(await screen.findByText('No rejected submissions')).toBeInTheDocument();
  });
});
