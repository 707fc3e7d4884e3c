/** What the API key of this tab may do in the console. */

import { useAccess } from '../../api/access';

export const CONSOLE_SCOPES = ['admin', 'moderate', 'keys'] as const;
export type Scope = (typeof CONSOLE_SCOPES)[number] | 'read' | 'submit';

/** The answer of GET /access. Undefined while it is loading. */
export function useScopes(): Readonly<Partial<Record<Scope, boolean>>> | undefined {
  return useAccess().data;
}

export function useMay(scope: Scope): boolean {
  return useScopes()?.[scope] ?? false;
}
