/** What the service would refuse, said before it is sent. The rules and the words are the service's. */

import type { SubmitRequest } from '../api/submit';

export const MAX_USER_ID = 2_147_483_647;

export interface Form {
  userId: string;
  score: string;
  mode: string;
  username: string;
}

export type Field = keyof Form;
export type Faults = Partial<Record<Field, string>>;

export interface Bounds {
  min: number;
  max: number;
}

/** The bounds of the board `overall` as it is installed; the real ones come from /boards. */
export const USUAL_BOUNDS: Bounds = { min: 0, max: 2_147_483_647 };

// Control characters are what is looked for here.
// eslint-disable-next-line no-control-regex
const UNPRINTABLE = /[\x00-\x1f\x7f]/;

/** A whole number as people write it, in plain digits; null for anything else. */
export function wholeNumber(text: string): number | null {
  const trimmed = text.trim();
  if (!/^-?\d{1,16}$/.test(trimmed)) return null;
  const value = Number(trimmed);
  return Number.isSafeInteger(value) ? value : null;
}

export function userIdFault(text: string): string | undefined {
  if (text.trim() === '') return 'Enter a player id.';
  const value = wholeNumber(text);
  if (value !== null && value >= 1 && value <= MAX_USER_ID) return undefined;
  return `A player id is a whole number from 1 to ${MAX_USER_ID.toLocaleString('en')}.`;
}

export function validate(form: Form, bounds: Bounds): Faults {
  const faults: Faults = {};
  const idFault = userIdFault(form.userId);
  if (idFault) faults.userId = idFault;

  const score = wholeNumber(form.score);
  if (form.score.trim() === '') {
    faults.score = 'Enter a score.';
  } else if (score === null || score < bounds.min || score > bounds.max) {
    const [min, max] = [bounds.min.toLocaleString('en'), bounds.max.toLocaleString('en')];
    faults.score = `A score is a whole number from ${min} to ${max}.`;
  }

  // The service counts characters; a string's length counts an emoji as two.
  const mode = Array.from(form.mode).length;
  if (mode < 1 || mode > 50 || UNPRINTABLE.test(form.mode))
    faults.mode = 'A mode is 1 to 50 printable characters.';

  const name = Array.from(form.username).length;
  if (name > 255 || UNPRINTABLE.test(form.username) || form.username !== form.username.trim()) {
    faults.username = 'A name is at most 255 printable characters, without blanks around them.';
  }
  return faults;
}

/** A form without faults as the body of a submission. */
export function requestOf(form: Form): SubmitRequest {
  return {
    user_id: Number(form.userId.trim()),
    score: Number(form.score.trim()),
    game_mode: form.mode,
    ...(form.username === '' ? {} : { username: form.username }),
  };
}

const FIELD_OF_CODE: Readonly<Record<string, Field>> = {
  invalid_user_id: 'userId',
  score_out_of_bounds: 'score',
  invalid_game_mode: 'mode',
  game_mode_not_on_board: 'mode',
  invalid_username: 'username',
  username_taken: 'username',
};

/** The field that an error of the service is about, if it is about one. */
export function fieldOf(code: string): Field | undefined {
  return FIELD_OF_CODE[code];
}
