/** Checks the form by the service's rules before it is sent. */

import type { SubmitRequest } from '../api/submit';
import { parseInteger, userIdProblem } from '../lib/input';
import { strings } from '../lib/strings';

export interface Form {
  userId: string;
  score: string;
  mode: string;
  username: string;
}

export type Field = keyof Form;
export type Problems = Partial<Record<Field, string>>;

export interface Bounds {
  min: number;
  max: number;
}

/** The bounds of a new board, until those of the board are loaded. */
export const DEFAULT_BOUNDS: Bounds = { min: 0, max: 2_147_483_647 };

// Control characters are what this looks for.
// eslint-disable-next-line no-control-regex
const UNPRINTABLE = /[\x00-\x1f\x7f]/;

export function validate(form: Form, bounds: Bounds): Problems {
  const { submission } = strings();
  const problems: Problems = {};
  const idProblem = userIdProblem(form.userId);
  if (idProblem) problems.userId = idProblem;

  const score = parseInteger(form.score);
  if (form.score.trim() === '') {
    problems.score = submission.noScore;
  } else if (score === null || score < bounds.min || score > bounds.max) {
    problems.score = submission.badScore(bounds.min, bounds.max);
  }

  // Like the service, count characters: the length of a string counts an emoji as two.
  const modeLength = Array.from(form.mode).length;
  if (modeLength < 1 || modeLength > 50 || UNPRINTABLE.test(form.mode)) {
    problems.mode = submission.badMode;
  }

  const { username } = form;
  if (Array.from(username).length > 255 || UNPRINTABLE.test(username) || username !== username.trim()) {
    problems.username = submission.badName;
  }
  return problems;
}

/** The request body of a valid form. */
export function requestOf(form: Form): SubmitRequest {
  return {
    user_id: Number(form.userId.trim()),
    score: Number(form.score.trim()),
    game_mode: form.mode,
    ...(form.username === '' ? {} : { username: form.username }),
  };
}

const FIELDS_BY_CODE: Readonly<Record<string, Field>> = {
  invalid_user_id: 'userId',
  score_out_of_bounds: 'score',
  invalid_game_mode: 'mode',
  game_mode_not_on_board: 'mode',
  invalid_username: 'username',
  username_taken: 'username',
};

/** The field that an error code of the service is about, if any. */
export function fieldOf(code: string): Field | undefined {
  return FIELDS_BY_CODE[code];
}
