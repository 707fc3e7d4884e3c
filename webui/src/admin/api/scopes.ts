/** What the API key of this tab may do in the console. */

import { useAccess } from '../../api/access';
import type { components } from '../../api/schema';

export type Scopes = components['schemas']['Access'];

export const CONSOLE_SCOPES = ['admin', 'moderate', 'keys'] as const;
export type Scope = keyof Scopes;

/** The answer of GET /access. Undefined while it is loading. */
export function useScopes(): Scopes | undefined {
  return useAccess().data;
}

export function useMay(scope: Scope): boolean {
  return useScopes()?.[scope] ?? false;
}
