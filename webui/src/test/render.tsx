import { QueryClientProvider } from '@tanstack/react-query';
import { render } from '@testing-library/react';
import { createQueryClient } from '../api/queryClient';
import { LiveRegion } from '../app/announcer';

/** A part of the page with what every part has around it. */
export function show(part: React.ReactNode) {
  return render(
    <QueryClientProvider client={createQueryClient()}>
      {part}
      <LiveRegion />
    </QueryClientProvider>,
  );
}
