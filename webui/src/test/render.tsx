import { QueryClientProvider } from '@tanstack/react-query';
import { render } from '@testing-library/react';
import { createQueryClient } from '../api/queryClient';
import { LiveRegion } from '../ui/LiveRegion';

/** Renders a part of the page with its providers and the live region. */
export function show(part: React.ReactNode) {
  return render(
    <QueryClientProvider client={createQueryClient()}>
      {part}
      <LiveRegion />
    </QueryClientProvider>,
  );
}
