/**
 * The idempotency key of a submission. Sending the same form again, after a timeout or with a second click, reuses
 * its key, so the service counts it once. A changed form gets a new key, and so does the same form once it was
 * counted.
 */

export interface IdempotencyKey {
  keyFor: (form: unknown) => string;
  /** Call when the submission was counted. */
  reset: () => void;
}

export function createIdempotencyKey(newKey: () => string = randomKey): IdempotencyKey {
  let last: { form: string; key: string } | null = null;
  return {
    keyFor(form) {
      const text = JSON.stringify(form);
      if (last?.form !== text) last = { form: text, key: newKey() };
      return last.key;
    },
    reset() {
      last = null;
    },
  };
}

/** 128 random bits. `crypto.randomUUID` does not exist over plain http, as in a LAN. */
function randomKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return `web-${Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')}`;
}
