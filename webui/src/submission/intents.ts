/**
 * The idempotency keys of submissions. What the player wants counted is an intent: trying it again, after a
 * timeout or with an impatient second click, uses the same key, and the service counts it once. A changed form
 * is another intent, and so is the same form after it was counted.
 */

export interface Intents {
  /** The key of what the form says now. */
  keyOf: (form: unknown) => string;
  /** The intent was counted: the same form again means another score. */
  settle: () => void;
}

export function createIntents(newKey: () => string = randomKey): Intents {
  let current: { form: string; key: string } | null = null;
  return {
    keyOf(form) {
      const written = JSON.stringify(form);
      if (current?.form !== written) current = { form: written, key: newKey() };
      return current.key;
    },
    settle() {
      current = null;
    },
  };
}

/** 128 random bits. `crypto.randomUUID` would not be there over plain http, as in a LAN. */
function randomKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return `web-${Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')}`;
}
