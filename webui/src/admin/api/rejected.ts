/** GET /api/leaderboard/rejected: submissions that a score rule refused. */

import type { components } from '../../api/schema';
import { usePaged, withQuery } from './paged';

export type Rejected = components['schemas']['RejectedSubmission'];

export function useRejected(filter: { board: string; user_id?: number; player?: string }) {
  return usePaged<Rejected>(withQuery('/api/leaderboard/rejected', { limit: 50, ...filter }));
}
